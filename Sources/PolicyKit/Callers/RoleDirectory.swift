public import Formats

/// The roles of a plan: what they permit, which others they hold, and who has them.
public struct RoleDirectory: Sendable {
  /// What a role permits: all that is named has to match, and what is nil matches everything.
  public struct Permission: Sendable {
    /// The names of what it permits.
    public let services, routes, methods, operations: Set<String>?

    /// What is permitted on these.
    public init(
      services: Set<String>?, routes: Set<String>?, methods: Set<String>?,
      operations: Set<String>?
    ) {
      self.services = services
      self.routes = routes
      self.methods = methods
      self.operations = operations
    }
  }

  /// A role as it was written.
  public struct Role: Sendable {
    /// What it is called.
    public let name: String
    /// The roles whose permissions it has too; no role inherits from itself by any way.
    public let inherited: [String]
    /// What it permits, beyond what it inherits.
    public let permissions: [Permission]

    /// A role of that name.
    public init(name: String, inherited: [String], permissions: [Permission]) {
      self.name = name
      self.inherited = inherited
      self.permissions = permissions
    }
  }

  /// Who has which roles: all that is named has to match, one value of each.
  public struct Assignment: Sendable {
    /// The roles that are given.
    public let roles: [String]
    /// To whom.
    public let consumers, groups, certificates: Set<String>
    /// By the name of a claim, with dots between for one within another, what it may be.
    public let claims: [(name: String, values: Set<String>)]

    /// Roles for whoever matches.
    public init(
      roles: [String], consumers: Set<String>, groups: Set<String>, certificates: Set<String>,
      claims: [(name: String, values: Set<String>)]
    ) {
      self.roles = roles
      self.consumers = consumers
      self.groups = groups
      self.certificates = certificates
      self.claims = claims
    }
  }

  /// Somebody who calls, as far as it is known when roles are looked for.
  public struct Caller {
    /// The name of a configured consumer; nil for anybody else, whatever a token calls it.
    public var consumer: String?
    /// What its credential says of it.
    public var roles: Set<String>
    public var groups: Set<String>
    public var claims: JSONElement?
    /// The names that a certificate goes by: its subject, and `sha256:` with its hash.
    public var certificates: Set<String>

    /// Somebody of whom this is known.
    public init(
      consumer: String? = nil, roles: Set<String> = [], groups: Set<String> = [],
      claims: JSONElement? = nil, certificates: Set<String> = []
    ) {
      self.consumer = consumer
      self.roles = roles
      self.groups = groups
      self.claims = claims
      self.certificates = certificates
    }
  }

  /// By role, what it permits itself.
  public let permissions: [String: [Permission]]
  private let held: [String: Set<String>]
  private let assignments: [Assignment]
  /// The same for the same roles and assignments.
  public let text: String

  /// A directory of these; one of none says nothing of anybody.
  public init(_ roles: [Role] = [], _ assignments: [Assignment] = []) {
    permissions = Dictionary(roles.map { ($0.name, $0.permissions) }) { first, _ in first }
    let inherited = Dictionary(roles.map { ($0.name, $0.inherited) }) { first, _ in first }
    var held: [String: Set<String>] = [:]
    for role in roles {
      var found: Set<String> = []
      var waiting = [role.name]
      while let name = waiting.popLast() {
        if found.insert(name).inserted { waiting += inherited[name] ?? [] }
      }
      held[role.name] = found
    }
    self.held = held
    self.assignments = assignments
    text =
      "\(roles.map { "\($0.name) \($0.inherited)" }) "
      + assignments.map { part in
        let claims = part.claims.map { "\($0.name)=\($0.values.sorted())" }
        return "\(part.roles) \(part.consumers.sorted()) \(part.groups.sorted()) "
          + "\(part.certificates.sorted()) \(claims)"
      }.joined(separator: ";")
  }

  /// Whether no role is configured.
  public var isEmpty: Bool { permissions.isEmpty }

  /// All roles that somebody has: those that are told, those assigned, and what they inherit.
  public func roles(of caller: Caller) -> Set<String> {
    var roles = caller.roles
    for assignment in assignments where RoleDirectory.holds(assignment, caller) {
      roles.formUnion(assignment.roles)
    }
    var all = roles
    for role in roles { if let more = held[role] { all.formUnion(more) } }
    return all
  }

  private static func holds(_ part: Assignment, _ caller: Caller) -> Bool {
    if !part.consumers.isEmpty {
      guard let name = caller.consumer, part.consumers.contains(name) else { return false }
    }
    if !part.groups.isEmpty, part.groups.isDisjoint(with: caller.groups) { return false }
    if !part.certificates.isEmpty, part.certificates.isDisjoint(with: caller.certificates) {
      return false
    }
    return part.claims.allSatisfy { name, values in
      guard let claims = caller.claims, let claim = find(name, in: claims) else { return false }
      let elements = claim.kind == .array ? claim.elements : [claim]
      return elements.contains { element in text(element).map(values.contains) ?? false }
    }
  }

  /// A claim by its whole name, or by names within each other.
  private static func find(_ name: String, in claims: JSONElement) -> JSONElement? {
    if let whole = claims[name] { return whole }
    var found: JSONElement? = claims
    for part in name.split(separator: ".", omittingEmptySubsequences: false) {
      found = found?[String(part)]
    }
    return found
  }

  private static func text(_ element: JSONElement) -> String? {
    switch element.kind {
    case .string: element.string
    case .number: element.integer.map { "\($0)" }
    case .boolean: element.boolean.map { "\($0)" }
    case .object, .array, .null: nil
    }
  }
}
