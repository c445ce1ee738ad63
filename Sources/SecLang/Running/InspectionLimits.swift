/// How much of a request is looked at; what is more is refused and not passed over.
public struct InspectionLimits: Hashable, Sendable {
  /// Most parts of a request: parameters, fields, values and names.
  public var inputsMax = 20_000
  /// Longest of all forms of a request's texts together, in bytes.
  public var bytesMax = 64 * 1024 * 1024
  /// Most matches that are noted.
  public var matchesMax = 64

  public init() {}
}
