public import Formats

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

  /// The roles of the plan.
  public let roles: RoleDirectory
  /// Whether there is a store, whose consumers nobody knows yet while the plan is compiled.
  public let hasStore: Bool
  /// The names of the policies that the same requests go through, its own and those within others
  /// among them.
  public let companions: Set<String>
  /// The file that describes the service's API; nil if there is none.
  public let description: Text?
  /// The wall clock while the policy is made, in milliseconds since 1970.
  public let wallMilliseconds: UInt64
  /// Reads a file that the settings name, relative to the configuration.
  public let files: PolicyFiles
  /// The issuer of the gateway's own identity provider; nil if there is none.
  public let issuer: String?
  /// How many gateways share counts with this one, itself among them; nil if none can.
  public let gateways: Int?
  /// The plans that consumers may have.
  public let plans: [CallerPlan]

  public init(
    service: String, path: String, directory: ConsumerDirectory, retained: RetainedState,
    routes: [PolicyRoute] = [], roles: RoleDirectory = RoleDirectory(),
    companions: Set<String> = [], description: Text? = nil,
    files: PolicyFiles = PolicyFiles(), wallMilliseconds: UInt64 = 0, issuer: String? = nil,
    hasStore: Bool = false, gateways: Int? = nil,
    plans: [CallerPlan] = []
  ) {
    self.issuer = issuer
    self.gateways = gateways
    self.plans = plans
    self.hasStore = hasStore
    self.roles = roles
    self.service = service
    self.path = path
    self.directory = directory
    self.retained = retained
    self.routes = routes
    self.companions = companions
    self.description = description
    self.files = files
    self.wallMilliseconds = wallMilliseconds
  }

  /// The site of a policy within this one.
  public func below(_ name: String) -> PolicySite {
    PolicySite(
      service: service, path: "\(path)/\(name)", directory: directory, retained: retained,
      routes: routes, roles: roles, companions: companions,
      description: description, files: files, wallMilliseconds: wallMilliseconds,
      issuer: issuer, hasStore: hasStore, gateways: gateways, plans: plans)
  }
}
