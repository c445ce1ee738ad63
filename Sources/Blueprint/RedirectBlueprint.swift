/// Where a listener in clear text sends its clients: to the same path, by TLS.
public struct RedirectBlueprint: Sendable {
  /// The host for requests whose own host no route names; in lower case.
  public var host: String
  /// The port of TLS.
  public var port: UInt16
}
