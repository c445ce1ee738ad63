public import Base
public import Formats

/// A place where clients connect.
public struct ListenerBlueprint: Sendable {
  /// Where it listens.
  public var bind: BindAddress
  /// Nil for clear text.
  public var tls: TLSBlueprint?
  /// Peers whose `Forwarded` and `X-Forwarded-*` fields are believed; nobody's by default.
  public var trustedHops: [AddressBlock]
  /// Where it stands in the file.
  public var position: Position
}
