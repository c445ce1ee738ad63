/// A set of known field names, one bit each, which the compiler works out where it is a constant.
public struct FieldNameSet: Sendable {
  private var bits: UInt64 = 0

  @inline(__always)
  public init() {}

  /// The set with one more name; `other` is never in a set.
  @inline(__always)
  public func with(_ name: FieldName) -> FieldNameSet {
    var set = self
    if name != .other { set.bits |= 1 &<< UInt64(name.rawValue) }
    return set
  }

  /// Whether the name is one of the set.
  @inline(__always)
  public func contains(_ name: FieldName) -> Bool { bits &>> UInt64(name.rawValue) & 1 == 1 }
}
