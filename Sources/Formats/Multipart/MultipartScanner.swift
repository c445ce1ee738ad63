import Base

/// Reads `multipart/form-data` (RFC 7578, RFC 2046 §5.1), in one piece or in several.
///
/// What two readers could take differently is refused: text around the parts, a boundary with more
/// on its line, line ends other than CRLF, folded or repeated header fields, `filename*`, parts
/// within parts.
/// It keeps nothing of the content, and its work is linear.
public struct MultipartScanner: Sendable {
  /// What was read.
  public enum Event: Hashable, Sendable {
    /// A part begins.
    case part(MultipartPart)
    /// Content of the part, as bytes of the text that was given.
    case content(Range<Int>)
    /// The part is whole.
    case endOfPart
    /// The last boundary was read.
    case end
    /// More is needed: what is behind `consumed` must come again before it.
    case needMore
  }

  private enum State: Sendable { case start, head, content, afterDelimiter, end }

  private let limits: MultipartLimits
  /// CRLF, two hyphens, and the boundary.
  private let delimiter: [UInt8]
  private var state = State.start
  private var part = MultipartPart()
  private var fieldCount = 0
  private var seen: Set<String> = []
  private var partCount = 0
  /// How many bytes of the text that was given are done with.
  public private(set) var consumed = 0

  /// A reader for this boundary (RFC 2046 §5.1.1); nil if it is none.
  public init?(boundary: [UInt8], limits: MultipartLimits = MultipartLimits()) {
    guard (1...70).contains(boundary.count), boundary.last != 0x20,
      boundary.allSatisfy(MultipartScanner.isBoundaryByte)
    else { return nil }
    self.limits = limits
    delimiter = [0x0D, 0x0A, 0x2D, 0x2D] + boundary
  }

  private static func isBoundaryByte(_ byte: UInt8) -> Bool {
    ASCII.isAlpha(byte) || ASCII.isDigit(byte) || " '()+_,-./:=?".utf8.contains(byte)
  }

  /// Makes `text` the next piece: what was not consumed of the one before, and more.
  public mutating func begin() { consumed = 0 }

  /// What comes next in `text`; `isLast` is whether nothing follows it.
  public mutating func next(_ text: Span<UInt8>, isLast: Bool) throws(MultipartFault) -> Event {
    while true {
      switch state {
      case .start:
        // The first boundary has no line end of its own before it.
        let first = delimiter.count - 2
        guard consumed + first <= text.count else { return try more(isLast) }
        guard matches(text, consumed, from: 2) else { throw fault(.preamble) }
        consumed += first
        state = .afterDelimiter
      case .afterDelimiter:
        guard consumed + 2 <= text.count else { return try more(isLast) }
        if text[consumed] == 0x2D, text[consumed + 1] == 0x2D {
          consumed += 2
          state = .end
          continue
        }
        guard text[consumed] == 0x0D, text[consumed + 1] == 0x0A else { throw fault(.delimiter) }
        consumed += 2
        partCount += 1
        guard partCount <= limits.partsMax else { throw fault(.parts) }
        (part, fieldCount, seen, state) = (MultipartPart(), 0, [], .head)
      case .head:
        guard let line = try line(text) else { return try more(isLast) }
        if !line.isEmpty {
          try field(text.extracting(line), at: line.lowerBound)
          continue
        }
        guard seen.contains("content-disposition") else { throw fault(.disposition) }
        state = .content
        return .part(part)
      case .content: return try content(text, isLast)
      case .end: return try ending(text, isLast)
      }
    }
  }

  private func fault(_ detail: MultipartFault.Detail) -> MultipartFault {
    MultipartFault(detail, at: consumed)
  }

  private func more(_ isLast: Bool) throws(MultipartFault) -> Event {
    if isLast { throw fault(.unfinished) }
    return .needMore
  }

  private func matches(_ text: Span<UInt8>, _ at: Int, from first: Int) -> Bool {
    let delimiter = delimiter.span
    for place in first..<delimiter.count where text[at + place - first] != delimiter[place] {
      return false
    }
    return true
  }

  // MARK: Content

  private mutating func content(
    _ text: Span<UInt8>, _ isLast: Bool
  ) throws(MultipartFault) -> Event {
    let start = consumed
    var at = start
    // A part without content has its delimiter right behind its head's last line end.
    while at < text.count {
      guard text[at] == 0x0D else {
        at += 1
        continue
      }
      guard at + delimiter.count <= text.count else { break }
      if matches(text, at, from: 0) {
        if at > start {
          consumed = at
          return .content(start..<at)
        }
        consumed = at + delimiter.count
        state = .afterDelimiter
        return .endOfPart
      }
      at += 1
    }
    if isLast { throw MultipartFault(.unfinished, at: text.count) }
    consumed = at
    return at > start ? .content(start..<at) : .needMore
  }

  private func ending(_ text: Span<UInt8>, _ isLast: Bool) throws(MultipartFault) -> Event {
    let rest = text.count - consumed
    if rest == 0 { return .end }
    guard rest <= 2, text[consumed] == 0x0D, rest == 1 || text[consumed + 1] == 0x0A else {
      throw fault(.epilogue)
    }
    if rest == 1, isLast { throw fault(.epilogue) }
    return .end
  }

  // MARK: Heads

  /// The next line without its end; nil if that is not there yet.
  private mutating func line(_ text: Span<UInt8>) throws(MultipartFault) -> Range<Int>? {
    var at = consumed
    while at < text.count, text[at] != 0x0D {
      guard text[at] >= 0x20 || text[at] == 0x09, text[at] != 0x7F else {
        throw MultipartFault(.line, at: at)
      }
      at += 1
      guard at - consumed <= limits.lineBytesMax else { throw fault(.line) }
    }
    guard at + 1 < text.count else { return nil }
    guard text[at + 1] == 0x0A else { throw MultipartFault(.line, at: at) }
    let line = consumed..<at
    consumed = at + 2
    return line
  }

  private mutating func field(_ line: Span<UInt8>, at offset: Int) throws(MultipartFault) {
    fieldCount += 1
    guard fieldCount <= limits.fieldsMax else { throw MultipartFault(.fields, at: offset) }
    var end = 0
    var name = ""
    while end < line.count, ASCII.isToken(line[end]) {
      name.unicodeScalars.append(Unicode.Scalar(ASCII.lowercased(line[end])))
      end += 1
    }
    guard end > 0, end < line.count, line[end] == UInt8(ascii: ":"), seen.insert(name).inserted
    else { throw MultipartFault(.field, at: offset) }
    var value: [UInt8] = []
    for at in (end + 1)..<line.count { value.append(line[at]) }
    while let first = value.first, first == 0x20 || first == 0x09 { value.removeFirst() }
    while let last = value.last, last == 0x20 || last == 0x09 { value.removeLast() }
    switch name {
    case "content-disposition":
      guard let parts = MultipartDisposition(value, nameBytesMax: limits.nameBytesMax) else {
        throw MultipartFault(.disposition, at: offset)
      }
      part.name = parts.name
      part.fileName = parts.fileName
    case "content-type":
      let lower = value.map(ASCII.lowercased)
      guard !lower.starts(with: "multipart/".utf8), !lower.starts(with: "message/".utf8) else {
        throw MultipartFault(.nested, at: offset)
      }
      part.contentType = value
    case "content-transfer-encoding":
      let known: [StaticString] = ["binary", "8bit", "7bit"]
      guard known.contains(where: { ASCII.equalsIgnoringCase(value.span, $0) }) else {
        throw MultipartFault(.encoding, at: offset)
      }
    case "content-length", "content-id": break
    default: throw MultipartFault(.field, at: offset)
    }
  }
}
