public import Crypto

/// The request that a proof of possession has to be for (RFC 9449 §4.3).
public struct ProofRequest: Sendable {
  /// The method's token.
  public var method: [UInt8]
  /// `https` or `http`, and host with port unless it is the scheme's own, in lower case, as in
  /// `https://api.example.com:8443`.
  public var origin: String
  /// The path, without query.
  public var path: [UInt8]
  /// The SHA-256 of the access token that goes with it.
  public var tokenDigest: Digest256

  public init(method: [UInt8], origin: String, path: [UInt8], tokenDigest: Digest256) {
    self.method = method
    self.origin = origin
    self.path = path
    self.tokenDigest = tokenDigest
  }

  /// Whether `url` is the request's, query and fragment left out of both.
  func isAt(_ url: String) -> Bool {
    let whole = url.prefix { $0 != "?" && $0 != "#" }
    let scheme = whole.prefix { $0 != ":" }.lowercased()
    guard scheme == "https" || scheme == "http" else { return false }
    let rest = whole.dropFirst(scheme.count)
    guard rest.hasPrefix("://") else { return false }
    let behind = rest.dropFirst(3)
    let end = behind.firstIndex(of: "/") ?? behind.endIndex
    var authority = behind[..<end].lowercased()
    let standard = scheme == "https" ? ":443" : ":80"
    if authority.hasSuffix(standard) { authority.removeLast(standard.count) }
    guard origin == "\(scheme)://\(authority)" else { return false }
    let path = end == behind.endIndex ? Array("/".utf8) : Array(behind[end...].utf8)
    return path == self.path
  }
}
