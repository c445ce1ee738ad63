import Crypto

extension TLSSession {
  /// Whether a request for `host` may be answered here, or belongs on a connection of its own
  /// (RFC 9110 §7.4 and §15.5.20): `host` is in lower case, without port.
  ///
  /// Where clients are asked for certificates, a connection is for the one name that it was
  /// opened for. Elsewhere it is for all names that have the same certificate.
  public func mayServe(host: Span<UInt8>) -> Bool {
    guard let server, server.distinguishesNames else { return true }
    if let serverName, TLSSession.areEqual(serverName, host) { return true }
    if server.asksForCertificates, serverName != nil { return false }
    return server.place(of: serverName) == server.place(of: String(copying: host))
  }

  private static func areEqual(_ name: String, _ host: Span<UInt8>) -> Bool {
    let bytes = name.utf8.span
    guard bytes.count == host.count else { return false }
    for index in bytes.indices where bytes[index] != host[index] { return false }
    return true
  }
}

extension String {
  /// The text of `bytes`; what is not UTF-8 is replaced.
  fileprivate init(copying bytes: Span<UInt8>) {
    // Safety: the bytes are copied within the call.
    self = unsafe bytes.withUnsafeBufferPointer {
      unsafe String(decoding: $0, as: UTF8.self)
    }
  }
}
