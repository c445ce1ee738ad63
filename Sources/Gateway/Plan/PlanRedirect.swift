/// Where a listener in clear text sends its clients, in bytes for `Location`.
public struct PlanRedirect: Sendable {
  /// The host for requests whose own host no route names.
  let host: [UInt8]
  /// What stands behind the host: a colon and a port, or nothing for the scheme's own.
  let port: [UInt8]

  /// A redirection to `host` by TLS.
  public init(host: String, port: UInt16) {
    self.host = Array(host.utf8)
    self.port = port == 443 ? [] : Array(":\(port)".utf8)
  }
}
