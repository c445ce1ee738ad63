import Base

/// What a segment of a path looks like.
public enum SegmentKind: Sendable, Equatable {
  /// A word of the API.
  case word
  /// What names one of many things.
  case number(UInt64)
  case uuid
  /// A hash, a token, a date, an address of e-mail, or what else no API has as a word.
  case identifier

  /// Looks at a segment.
  public init(_ segment: Span<UInt8>) {
    var (digits, letters, hexadecimal, hyphens, others) = (0, 0, 0, 0, 0)
    var (number, isFitting) = (UInt64(0), true)
    for place in segment.indices {
      let byte = segment[place]
      if ASCII.isDigit(byte) {
        digits += 1
        let (product, hasOverflown) = number.multipliedReportingOverflow(by: 10)
        let (sum, hasToo) = product.addingReportingOverflow(UInt64(byte & 15))
        number = sum
        if hasOverflown || hasToo { isFitting = false }
      } else if ASCII.isAlpha(byte) {
        letters += 1
        if byte | 0x20 <= 0x66 { hexadecimal += 1 }
      } else if byte == UInt8(ascii: "-") {
        hyphens += 1
      } else if byte == UInt8(ascii: "@") || byte == UInt8(ascii: "*") {
        self = .identifier
        return
      } else {
        others += 1
      }
    }
    let count = segment.count
    if digits == count, count > 0 {
      self = isFitting ? .number(number) : .identifier
    } else if count == 36, hyphens == 4, digits + hexadecimal == 32 {
      self = .uuid
    } else if digits > 0, others == 0, letters == 0 {
      self = .identifier
    } else if count >= 8, digits > 0, hyphens == 0, others == 0, digits + hexadecimal == count {
      self = .identifier
    } else if digits >= 4, digits * 3 >= count || count >= 16 {
      self = .identifier
    } else {
      self = .word
    }
  }
}
