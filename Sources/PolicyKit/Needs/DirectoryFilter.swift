/// Text of somebody else's in filters and names of directories, where characters have a meaning.
public enum DirectoryFilter {
  /// A value in a filter (RFC 4515 §3).
  public static func escape(_ text: String) -> String {
    escape(text) { byte in
      switch byte {
      case UInt8(ascii: "*"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "\\"), 0: true
      default: byte < 0x20 || byte >= 0x7F
      }
    }
  }

  /// A value in the name of an entry (RFC 4514 §2.4): all but letters, digits and a few others by
  /// their numbers, which means the same to every server.
  public static func escape(inName text: String) -> String {
    escape(text) { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: false
      default: !"-._@".utf8.contains(byte)
      }
    }
  }

  private static func escape(_ text: String, _ isSpecial: (UInt8) -> Bool) -> String {
    var escaped: [UInt8] = []
    for byte in text.utf8 {
      if isSpecial(byte) {
        escaped += [UInt8(ascii: "\\"), digit(byte >> 4), digit(byte & 15)]
      } else {
        escaped.append(byte)
      }
    }
    return String(decoding: escaped, as: UTF8.self)
  }

  private static func digit(_ nibble: UInt8) -> UInt8 { nibble &+ (nibble < 10 ? 0x30 : 0x57) }
}
