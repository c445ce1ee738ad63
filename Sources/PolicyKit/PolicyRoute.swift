/// What policies may know of a route while they are compiled.
public struct PolicyRoute: Sendable {
  /// The route's name, as the log has it.
  public let name: [UInt8]
  /// The service that it belongs to.
  public let service: String
  /// The route's path templates in canonical form, such as `/users/{id}`.
  public let templates: [String]

  public init(name: String, service: String, templates: [String]) {
    self.name = Array(name.utf8)
    self.service = service
    self.templates = templates
  }
}
