public import Base
public import Formats

/// Where counts are kept that several gateways keep together: a Redis or Valkey.
public struct CountersBlueprint: Sendable {
  /// The host as it was written, and its address if it is one.
  public var host: String
  public var address: IPAddress?
  public var port: UInt16
  /// Whether it is spoken to by TLS.
  public var isSecure: Bool
  /// The file of authorities that its certificate is from; nil for those of the system.
  public var authorityPath: Text?
  /// Who the gateway is there; nil for the default user.
  public var user: Text?
  public var password: Text?
  /// The number of the database.
  public var database: Int
  /// What all keys begin with.
  public var prefix: String
  /// How long an answer is waited for.
  public var timeoutMilliseconds: Int
  /// How many gateways count together.
  public var gateways: Int
  /// Where it stands in the file.
  public var position: Position
}
