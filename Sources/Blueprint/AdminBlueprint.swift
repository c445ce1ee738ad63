import Base
public import Formats

/// The listener for health, metrics and administration; loopback alone.
public struct AdminBlueprint: Sendable {
  public var bind: BindAddress
  public var position: Position

  public static let defaultBind = BindAddress(address: IPAddress(v4: 0x7F00_0001), port: 9901)
}
