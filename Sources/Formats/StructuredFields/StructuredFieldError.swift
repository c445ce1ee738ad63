/// Why a text is no structured field of the kind that was asked for.
public struct StructuredFieldError: Error, Hashable, Sendable {
  /// Where it ceases to be one, in bytes.
  public let offset: Int
}
