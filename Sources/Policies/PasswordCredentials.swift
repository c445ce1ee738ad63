import Base
import Formats
import HTTP

/// A name and a password as HTTP Basic sends them (RFC 7617 §2).
enum PasswordCredentials {
  /// What a request shows.
  enum Finding {
    case none, malformed
    /// Neither is empty.
    case pair(name: String, password: String)
  }

  private static let nameBytesMax = 256
  private static let passwordBytesMax = 1024

  static func find(_ fields: borrowing Fields) -> Finding {
    guard let place = fields.value(.authorization) else { return .none }
    let value = fields.arena[place.range]
    let scheme = "basic "
    guard String(decoding: value.prefix(scheme.utf8.count), as: UTF8.self).lowercased() == scheme
    else { return .none }
    guard fields.count(.authorization) == 1 else { return .malformed }
    let text = Array(value.dropFirst(scheme.utf8.count).drop { $0 == 0x20 })
    guard let bytes = Base64.decode(text.span, .standard),
      let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
      let name = String(validating: bytes[..<colon], as: UTF8.self),
      let password = String(validating: bytes[(colon + 1)...], as: UTF8.self),
      isSound(bytes), (1...nameBytesMax).contains(name.utf8.count),
      (1...passwordBytesMax).contains(password.utf8.count),
      name.utf8.first != 0x20, name.utf8.last != 0x20
    else { return .malformed }
    return .pair(name: name, password: password)
  }

  /// RFC 7617 §2: no control characters.
  private static func isSound(_ bytes: [UInt8]) -> Bool {
    bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
  }
}
