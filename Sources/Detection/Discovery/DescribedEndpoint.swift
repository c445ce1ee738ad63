/// An operation that a description of an API has.
public struct DescribedEndpoint: Hashable, Sendable {
  /// The service whose API it is of.
  public var service: String
  /// In capitals.
  public var method: String
  /// The path as clients use it, with names in braces in the place of what differs.
  public var template: String
  public var isDeprecated: Bool

  public init(service: String, method: String, template: String, isDeprecated: Bool = false) {
    self.service = service
    self.method = method
    self.template = template
    self.isDeprecated = isDeprecated
  }
}
