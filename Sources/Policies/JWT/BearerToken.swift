import Base
import HTTP

/// Where a request bears its token (RFC 6750 §2.1), and how it is taken out of there.
struct BearerToken: Sendable {
  /// What was found.
  enum Finding {
    case none
    /// A token, and whether it came under the scheme `DPoP` (RFC 9449 §7.1).
    case token(Slice, isProof: Bool)
    /// More than one, or something that is no token.
    case malformed
  }

  private let header: [UInt8]
  private let cookie: [UInt8]?
  /// Whether the field may hold a token without the word `Bearer` before it.
  private let allowsBare: Bool

  /// Reads the field called `header`, and the cookie called `cookie` if there is one.
  init(header: String, cookie: String?) {
    self.header = Array(header.lowercased().utf8)
    self.cookie = cookie.map { Array($0.utf8) }
    allowsBare = self.header != Array("authorization".utf8)
  }

  func find(_ fields: borrowing Fields) -> Finding {
    let header = self.header
    let count = fields.count(named: header.span)
    let inCookie = cookie.map { CookiePairs.find($0, fields) } ?? .none
    if count == 0 { return inCookie }
    guard count == 1, let value = fields.value(named: header.span) else { return .malformed }
    let found = token(fields, value)
    if case .none = inCookie { return found }
    // Another scheme in the field is for somebody else; two tokens are one too many.
    if case .none = found { return inCookie }
    return .malformed
  }

  /// Takes it out of what the upstream gets.
  func remove(from fields: inout Fields) {
    let header = self.header
    if let value = fields.value(named: header.span) {
      if case .none = token(fields, value) {} else { fields.remove(named: header.span) }
    }
    if let cookie { CookiePairs.remove(cookie, from: &fields) }
  }

  /// The token in a field's value; none if the value is of another scheme.
  private func token(_ fields: borrowing Fields, _ value: Slice) -> Finding {
    let bytes = fields[value]
    let isProof = isScheme(bytes, "dpop")
    guard isProof || isScheme(bytes, "bearer") else {
      guard allowsBare else { return .none }
      return isPlausible(bytes) ? .token(value, isProof: false) : .malformed
    }
    var start = isProof ? 4 : 6
    while start < bytes.count, bytes[start] == 0x20 { start += 1 }
    guard isPlausible(bytes.extracting(start..<bytes.count)) else { return .malformed }
    return .token(
      Slice(offset: value.range.lowerBound + start, count: bytes.count - start), isProof: isProof)
  }

  /// Whether a value is of an authentication scheme, which has no case (RFC 9110 §11.1).
  private func isScheme(_ bytes: Span<UInt8>, _ scheme: StaticString) -> Bool {
    let count = scheme.utf8CodeUnitCount
    guard bytes.count >= count else { return false }
    return ASCII.equalsIgnoringCase(bytes.extracting(first: count), scheme)
      && (bytes.count == count || bytes[count] == 0x20)
  }

  /// Whether it could be a token: not empty, and no byte that a list or a second value would have.
  private func isPlausible(_ bytes: Span<UInt8>) -> Bool {
    if bytes.isEmpty { return false }
    for index in bytes.indices where !BearerToken.isTokenByte(bytes[index]) { return false }
    return true
  }

  @inline(__always)
  static func isTokenByte(_ byte: UInt8) -> Bool {
    ASCII.isUnreserved(byte) && byte != UInt8(ascii: "~")
  }
}
