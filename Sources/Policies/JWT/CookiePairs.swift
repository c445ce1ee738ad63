import Base
import HTTP

/// The pairs of `Cookie` fields (RFC 6265 §4.2), as far as one name is looked for.
enum CookiePairs {
  /// The value of the cookie called `name`; two of that name are one too many.
  static func find(_ name: [UInt8], _ fields: borrowing Fields) -> BearerToken.Finding {
    var finding = BearerToken.Finding.none
    for index in fields.lines.indices where isCookie(fields, index) {
      let line = fields.lines[index].value
      var at = line.range.lowerBound
      while let pair = next(fields, &at, line.range.upperBound) {
        guard isName(fields, pair, name) else { continue }
        guard case .none = finding else { return .malformed }
        let start = pair.lowerBound + name.count + 1
        let value = Slice(offset: start, count: pair.upperBound - start)
        guard !value.isEmpty, isToken(fields[value]) else { return .malformed }
        finding = .token(value, isProof: false)
      }
    }
    return finding
  }

  /// Takes the cookies called `name` out, and fields that become empty by it.
  static func remove(_ name: [UInt8], from fields: inout Fields) {
    for index in fields.lines.indices where isCookie(fields, index) {
      let line = fields.lines[index].value
      var at = line.range.lowerBound
      var kept: [UInt8] = []
      var isChanged = false
      while let pair = next(fields, &at, line.range.upperBound) {
        if isName(fields, pair, name) {
          isChanged = true
          continue
        }
        if !kept.isEmpty { kept += [UInt8(ascii: ";"), 0x20] }
        kept += fields.arena[pair]
      }
      guard isChanged else { continue }
      if kept.isEmpty {
        fields.lines[index].name = .empty
      } else {
        fields.lines[index].value = fields.store(kept.span)
      }
    }
  }

  private static func isCookie(_ fields: borrowing Fields, _ index: Int) -> Bool {
    let line = fields.lines[index]
    return line.name.count == 6 && ASCII.equals(fields[line.name], "cookie")
  }

  /// The next pair, spaces around it left out; `at` goes behind it.
  private static func next(
    _ fields: borrowing Fields, _ at: inout Int, _ end: Int
  ) -> Range<Int>? {
    guard at < end else { return nil }
    var start = at
    var stop = start
    while stop < end, fields.arena[stop] != UInt8(ascii: ";") { stop += 1 }
    at = stop + 1
    while start < stop, isSpace(fields.arena[start]) { start += 1 }
    while stop > start, isSpace(fields.arena[stop - 1]) { stop -= 1 }
    return start..<stop
  }

  private static func isName(
    _ fields: borrowing Fields, _ pair: Range<Int>, _ name: [UInt8]
  ) -> Bool {
    guard pair.count > name.count,
      fields.arena[pair.lowerBound + name.count] == UInt8(ascii: "=")
    else { return false }
    let given = Slice(offset: pair.lowerBound, count: name.count)
    return ASCII.equals(fields[given], name.span)
  }

  private static func isToken(_ bytes: Span<UInt8>) -> Bool {
    for index in bytes.indices where !BearerToken.isTokenByte(bytes[index]) { return false }
    return true
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
