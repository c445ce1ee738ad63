/// A path as detectors see it: which endpoint, and which object of it.
public struct PathShape: Sendable, Equatable {
  /// The same for all paths of one endpoint, whatever objects they name.
  public var endpoint: UInt64 = 0
  /// What tells one object of the endpoint from another; 0 if the path names none.
  public var object: UInt64 = 0
  /// The number of the object, if it is one.
  public var number: UInt64?
  /// Bit n is set if the segment n names an object; of the first 64.
  public var parameters: UInt64 = 0

  public init() {}
}
