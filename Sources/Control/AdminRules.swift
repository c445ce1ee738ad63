import Base

/// What the configuration says of the admin listener, for those who answer there.
public struct AdminRules: Sendable {
  /// Whether it is reached from other machines as well.
  public var isRemote = false
  /// Names that it is reached by beside those of this machine, in lower case.
  public var hosts: [String] = []
  /// Requests a second that one address may send; 0 for as many as it likes.
  public var requestsPerAddressMax = Limits().adminRequestsPerAddressMax
  /// Whether administrators must have a second factor before they do anything else.
  public var requiresSecondFactor = false

  /// This machine alone, and the limits of a configuration that says nothing.
  public init() {}
}
