/// A member of a list or a dictionary (RFC 9651 §3.1, §3.2).
public enum StructuredMember: Hashable, Sendable {
  case item(StructuredItem)
  /// An inner list, and the parameters of the whole.
  case list([StructuredItem], [StructuredItem.Parameter])
}
