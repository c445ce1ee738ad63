/// A request of the gateway's own, by which a policy learns what it lacks.
public struct NeedRequest: Sendable {
  /// The method's token.
  public let method: String
  /// Where it goes: `https`, or `http`. It comes from the configuration alone.
  public let url: String
  /// Fields beside those of framing, names in lower case.
  public let fields: [(name: String, value: String)]
  /// The content; nil for none.
  public let body: [UInt8]?
  /// The longest answer that is taken, in bytes.
  public let bytesMax: Int
  /// Whose certificate the server must have; nil for the authorities of the system.
  public let authorities: TrustedAuthorities?

  /// A request to `url`.
  public init(
    _ method: String, _ url: String, fields: [(name: String, value: String)] = [],
    body: [UInt8]? = nil, bytesMax: Int = 64 * 1024, authorities: TrustedAuthorities? = nil
  ) {
    self.authorities = authorities
    self.method = method
    self.url = url
    self.fields = fields
    self.body = body
    self.bytesMax = bytesMax
  }
}
