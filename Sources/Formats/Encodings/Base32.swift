/// Bytes as text of 32 letters and digits (RFC 4648 §6), which people can type.
public enum Base32 {
  private static let characters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

  /// The text for `bytes`, without padding.
  public static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    var (group, count) = (0, 0)
    for byte in bytes {
      group = (group << 8 | Int(byte)) & 0xFFFF
      count += 8
      while count >= 5 {
        count -= 5
        text.append(characters[group >> count & 31])
      }
    }
    if count > 0 { text.append(characters[group << (5 - count) & 31]) }
    return String(decoding: text, as: UTF8.self)
  }
}
