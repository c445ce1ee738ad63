public import Base
public import Formats

/// A place where clients connect.
public struct ListenerBlueprint: Sendable {
  public var bind: BindAddress
  /// Nil for clear text.
  public var tls: TLSBlueprint?
  /// Peers whose `Forwarded` and `X-Forwarded-*` fields are believed; nobody's by default.
  public var trustedHops: [AddressBlock]
  public var position: Position
}
