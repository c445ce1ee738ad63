import Base

/// One segment of a path template with parameters, such as `{id}` or `{name}.{format}`.
struct SegmentTemplate: Hashable, Sendable {
  /// The fixed text before the first parameter, and behind each of them.
  private let fixed: [[UInt8]]

  init(_ segment: String) {
    var fixed: [[UInt8]] = []
    var text = ""
    var isName = false
    for character in segment {
      if character == "{", !isName {
        isName = true
        fixed.append(SegmentTemplate.encoded(text))
        text = ""
      } else if character == "}", isName {
        isName = false
      } else if !isName {
        text.append(character)
      }
    }
    fixed.append(SegmentTemplate.encoded(text))
    self.fixed = fixed
  }

  /// The names of the parameters of a template, in their order.
  static func names(_ template: String) -> [String] {
    template.split(separator: "{", omittingEmptySubsequences: false).dropFirst().compactMap {
      $0.firstIndex(of: "}").map { [part = $0] end in String(part[..<end]) }
    }
  }

  /// How many bytes are fixed.
  var fixedCount: Int { fixed.reduce(0) { $0 + $1.count } }

  /// Whether a segment of `path` matches; what each parameter stands for is appended. No parameter
  /// is empty.
  func matches(
    _ path: Span<UInt8>, _ segment: Range<Int>, _ captures: inout [Range<Int>]
  ) -> Bool {
    guard SegmentTemplate.stands(fixed[0], in: path, at: segment.lowerBound, segment.upperBound)
    else { return false }
    var at = segment.lowerBound + fixed[0].count
    for place in 1..<fixed.count {
      let isLast = place == fixed.count - 1
      var end = at + 1
      if isLast {
        end = segment.upperBound - fixed[place].count
      } else {
        while end < segment.upperBound,
          !SegmentTemplate.stands(fixed[place], in: path, at: end, segment.upperBound)
        {
          end += 1
        }
      }
      guard end > at,
        SegmentTemplate.stands(fixed[place], in: path, at: end, segment.upperBound)
      else { return false }
      captures.append(at..<end)
      at = end + fixed[place].count
    }
    return at == segment.upperBound
  }

  private static func stands(
    _ text: [UInt8], in path: Span<UInt8>, at: Int, _ end: Int
  ) -> Bool {
    guard at + text.count <= end else { return false }
    for place in text.indices where path[at + place] != text[place] { return false }
    return true
  }

  /// Text of a template as it stands in a request's path (RFC 3986 §3.3).
  static func encoded(_ text: String) -> [UInt8] {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if ASCII.isAlpha(byte) || ASCII.isDigit(byte) || "-._~!$&'()*+,;=:@%".utf8.contains(byte) {
        bytes.append(byte)
      } else {
        bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return bytes
  }
}
