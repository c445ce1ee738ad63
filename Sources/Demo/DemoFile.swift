/// A small file that somebody uploaded.
struct DemoFile: Sendable {
  /// Longest content, in bytes.
  static let bytesMax = 256 * 1024

  let name: String
  let contentType: String
  let content: [UInt8]

  /// Whether `name` is 1 to 64 letters, digits, dots, hyphens and underscores, no dot in front.
  static func isName(_ name: String) -> Bool {
    guard (1...64).contains(name.utf8.count), !name.hasPrefix(".") else { return false }
    return name.utf8.allSatisfy { byte in
      byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte == UInt8(ascii: ".")
        || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
  }

  var json: JSONValue {
    .object([
      ("name", .text(name)), ("contentType", .text(contentType)),
      ("sizeBytes", .integer(content.count)),
    ])
  }
}
