/// What detection reads from files.
public struct DetectionFiles: Sendable {
  /// Where networks are; nil if there is no such file.
  public var places: PlaceFile?
  /// Rules of the operator's.
  public var rules: [SigmaRule]

  public init(places: PlaceFile? = nil, rules: [SigmaRule] = []) {
    self.places = places
    self.rules = rules
  }
}
