/// Where a policy stands in the configuration, and what the plan lends it.
public struct PolicySite: Sendable {
  /// The service's name.
  public let service: String
  /// Where among the service's policies it stands: stable over a reload that does not move it.
  public let path: String
  /// The consumers of the plan that is being compiled.
  public let directory: ConsumerDirectory
  /// What lives on when a plan follows another.
  public let retained: RetainedState
  /// All routes of the plan, by the number that an exchange has of its route.
  public let routes: [PolicyRoute]

  /// Reads a file that the settings name, relative to the configuration.
  public let files: PolicyFiles

  public init(
    service: String, path: String, directory: ConsumerDirectory, retained: RetainedState,
    routes: [PolicyRoute] = [], files: PolicyFiles = PolicyFiles()
  ) {
    self.service = service
    self.path = path
    self.directory = directory
    self.retained = retained
    self.routes = routes
    self.files = files
  }
}
