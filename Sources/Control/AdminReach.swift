/// From where the admin listener can be reached.
public struct AdminReach: Sendable {
  /// Whether from other machines as well.
  public var isRemote = false
  /// Names that it is reached by beside those of this machine, in lower case.
  public var hosts: [String] = []

  /// This machine alone.
  public init() {}
}
