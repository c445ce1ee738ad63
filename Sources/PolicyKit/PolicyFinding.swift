/// What a policy found out by the head of a request, so that it need not look again for the
/// content.
///
/// There is room for one; a policy that finds another's looks again.
public struct PolicyFinding: Sendable {
  /// Whose it is; nil for nobody's.
  public let owner: ObjectIdentifier?
  /// A number that means something to its owner.
  public let number: Int

  /// Nothing found.
  public init() {
    owner = nil
    number = -1
  }

  /// A finding of `owner`.
  public init(_ number: Int, of owner: some Policy) {
    self.owner = ObjectIdentifier(owner)
    self.number = number
  }

  /// The number, if it is this policy's finding; nil if it is another's or none.
  public func number(of policy: some Policy) -> Int? {
    owner == ObjectIdentifier(policy) ? number : nil
  }
}
