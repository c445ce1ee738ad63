import Base
import Crypto

/// JA4, the name by which software is known from the first message that it sends by TLS: what it
/// offers, sorted, so that a client that shuffles its offers keeps its name.
enum ClientFingerprint {
  private static let serverName: UInt16 = 0
  private static let applicationProtocols: UInt16 = 16

  /// The fingerprint of a handshake message over TCP, 36 characters such as
  /// `t13d1516h2_8daaf6152771_e5627efa2ab1`; empty if it is none.
  static func ja4(_ message: Span<UInt8>) -> [UInt8] {
    guard let hello = ClientHello(message) else { return [] }
    let ciphers = hello.ciphers.filter { !ClientHello.isGrease($0) }
    let extensions = hello.extensions.filter { !ClientHello.isGrease($0) }
    var text: [UInt8] = [UInt8(ascii: "t")]
    text += version(hello.version)
    text.append(UInt8(ascii: extensions.contains(serverName) ? "d" : "i"))
    text += twoDigits(ciphers.count)
    text += twoDigits(extensions.count)
    text += ends(hello.firstProtocol)
    text.append(UInt8(ascii: "_"))
    text += digest(ciphers.isEmpty ? [] : list(ciphers.sorted()))
    text.append(UInt8(ascii: "_"))
    let told = extensions.filter { $0 != serverName && $0 != applicationProtocols }.sorted()
    let signatures = hello.signatureAlgorithms.filter { !ClientHello.isGrease($0) }
    let tail = signatures.isEmpty ? [] : [UInt8(ascii: "_")] + list(signatures)
    text += digest(told.isEmpty ? [] : list(told) + tail)
    return text
  }

  private static func version(_ number: UInt16) -> [UInt8] {
    switch number {
    case 0x0304: Array("13".utf8)
    case 0x0303: Array("12".utf8)
    case 0x0302: Array("11".utf8)
    case 0x0301: Array("10".utf8)
    case 0x0300: Array("s3".utf8)
    default: Array("00".utf8)
    }
  }

  private static func twoDigits(_ count: Int) -> [UInt8] {
    let shown = UInt8(min(count, 99))
    return [0x30 + shown / 10, 0x30 + shown % 10]
  }

  /// The first and the last character of the first protocol, or of its hexadecimal form if one of
  /// them is neither letter nor digit.
  private static func ends(_ name: [UInt8]?) -> [UInt8] {
    guard let first = name?.first, let last = name?.last else { return Array("00".utf8) }
    let isPlain = [first, last].allSatisfy { ASCII.isAlpha($0) || ASCII.isDigit($0) }
    return isPlain ? [first, last] : [digit(first >> 4), digit(last & 15)]
  }

  private static func list(_ values: [UInt16]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(values.count * 5)
    for value in values {
      if !text.isEmpty { text.append(UInt8(ascii: ",")) }
      for shift in [12, 8, 4, 0] as [UInt16] { text.append(digit(UInt8(value >> shift & 15))) }
    }
    return text
  }

  private static func digest(_ text: [UInt8]) -> [UInt8] {
    if text.isEmpty { return [UInt8](repeating: 0x30, count: 12) }
    let bytes = SHA256Hasher().hash(text.span).bytes
    return bytes.prefix(6).flatMap { [digit($0 >> 4), digit($0 & 15)] }
  }

  private static func digit(_ value: UInt8) -> UInt8 { value + (value < 10 ? 0x30 : 0x57) }
}
