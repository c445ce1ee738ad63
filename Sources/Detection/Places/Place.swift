/// Where an address is, as a file of networks has it.
public struct Place: Hashable, Sendable {
  /// Two letters (ISO 3166-1); empty if it is not known.
  public var country = ""
  /// Degrees, north and east.
  public var latitude = 0.0
  public var longitude = 0.0
  /// How far off it may be, in kilometres.
  public var radius = 0.0

  public init() {}
}
