import Base
public import Formats

/// The listener for health, metrics and administration: on loopback, or with TLS and tokens.
public struct AdminBlueprint: Sendable {
  /// Whether a second factor is for each administrator to choose.
  enum SecondFactor: String, CaseIterable { case optional, required }

  /// Where it listens.
  public var bind: BindAddress
  /// Nil for clear text.
  public var tls: TLSBlueprint?
  /// Names that it is reached by beside those of this machine, in lower case.
  public var hosts: [String] = []
  /// Whether administrators must have a second factor before they do anything else.
  public var requiresSecondFactor = false
  /// Where it stands in the file.
  public var position: Position

  /// Where it listens if the configuration does not say: 127.0.0.1:9901.
  public static let defaultBind = BindAddress(address: IPAddress(v4: 0x7F00_0001), port: 9901)
}
