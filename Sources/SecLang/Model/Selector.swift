/// Which members of a collection are meant.
struct Selector: Sendable {
  enum Names: Sendable {
    case all
    /// One name, in lower case: names are compared without regard to case.
    case exact([UInt8])
    /// Names that an expression matches anywhere.
    case matching(BacktrackingPattern)
  }

  /// A mask of kinds of input.
  let kinds: UInt64
  let names: Names
}
