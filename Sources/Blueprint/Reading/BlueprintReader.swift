import Base
public import Formats

/// Reads a configuration file into a blueprint, and reports everything that is wrong with it.
public struct BlueprintReader: Sendable {
  /// The policies that tell who calls. A route needs one of them, or must say that it is public.
  public var authenticationPolicies: [String]

  /// All policies there are, to report others with the nearest name; nil leaves that to later.
  public var policies: [String]?

  /// The paths of an API, by the file that describes it; nil where that cannot be read, which
  /// whoever checks requests against it reports.
  public var describedPaths: @Sendable (_ file: Text) -> [String]?

  /// A reader for these policies.
  public init(
    authenticationPolicies: [String], policies: [String]? = nil,
    describedPaths: @escaping @Sendable (_ file: Text) -> [String]? = { _ in nil }
  ) {
    self.authenticationPolicies = authenticationPolicies
    self.policies = policies
    self.describedPaths = describedPaths
  }

  /// The blueprint in `bytes`; nil if there is any error. `file` is the name for messages.
  public func read(
    _ bytes: [UInt8], file: String, interpolation: Interpolation
  ) -> (blueprint: Blueprint?, diagnostics: Diagnostics) {
    let (blueprint, diagnostics) = draft(bytes, file: file, interpolation: interpolation)
    return (diagnostics.hasErrors ? nil : blueprint, diagnostics)
  }

  /// What could be read of `bytes`, in spite of errors, so that later stages can report theirs as
  /// well; nil if it is no YAML. Nobody may run it while there are errors.
  public func draft(
    _ bytes: [UInt8], file: String, interpolation: Interpolation
  ) -> (blueprint: Blueprint?, diagnostics: Diagnostics) {
    let diagnostics = Diagnostics(file: file)
    guard let root = YAMLReader().read(bytes, into: diagnostics) else { return (nil, diagnostics) }
    return (read(Settings(root, in: diagnostics, interpolation: interpolation)), diagnostics)
  }

  private func read(_ root: Settings) -> Blueprint {
    var settings = root
    let plans = plans(&settings)
    var blueprint = Blueprint(
      workers: settings.integer("workers", in: 1...1024),
      listeners: listeners(&settings),
      admin: admin(&settings),
      services: services(&settings),
      consumers: consumers(&settings, plans: plans),
      plans: plans,
      store: store(&settings), counters: counters(&settings), identity: nil,
      detection: detection(&settings),
      logging: logging(&settings),
      limits: limits(&settings))
    blueprint.events = events(&settings)
    blueprint.handOver = settings.path("hand-over")
    if let (identity, service) = identity(&settings) {
      blueprint.identity = identity
      if blueprint.services.contains(where: { $0.name == service.name }) {
        settings.error(
          "a service is called '\(service.name)', as the identity provider is",
          expected: "another name", at: identity.position)
      }
      if blueprint.store == nil {
        settings.error(
          "'identity' without 'store', where it would keep its keys and grants",
          expected: "'store: { sqlite: gatehouse.db }'", at: identity.position)
      }
      blueprint.services.append(service)
    }
    blueprint.roles = roles(&settings, of: blueprint.services)
    blueprint.assignments = assignments(&settings, blueprint.roles, blueprint.consumers)
    settings.finish()
    checkBinds(of: blueprint, settings)
    checkUpstreams(of: blueprint, settings)
    checkRoutes(of: blueprint, settings)
    checkAdmin(of: blueprint, settings)
    return blueprint
  }

  private func limits(_ root: inout Settings) -> Limits {
    var limits = Limits()
    guard var settings = root.settings("limits") else { return limits }
    for bound in Limits.bounds {
      let value =
        switch bound.unit {
        case .count: settings.integer(bound.key, in: bound.range)
        case .bytes, .bytesPerSecond: settings.size(bound.key, in: bound.range)
        case .milliseconds: settings.duration(bound.key, in: bound.range)
        }
      if let value { limits[keyPath: bound.path] = value }
    }
    settings.finish()
    if limits.fieldBytesMax > limits.headBytesMax {
      settings.error(
        "'field' is more than 'head', \(limits.headBytesMax) bytes", expected: "at most as much",
        at: settings.position(of: "field"))
    }
    if limits.targetBytesMax > limits.headBytesMax {
      settings.error(
        "'target' is more than 'head', \(limits.headBytesMax) bytes", expected: "at most as much",
        at: settings.position(of: "target"))
    }
    return limits
  }

  /// A name as in `name:`: what can stand in logs, metrics and messages as it is.
  static func isName(_ name: String, countMax: Int = 64, besides extra: String = "._-") -> Bool {
    let extra = extra.utf8
    guard (1...countMax).contains(name.utf8.count) else { return false }
    return name.utf8.allSatisfy {
      ASCII.isAlpha($0) || ASCII.isDigit($0) || extra.contains($0)
    }
  }
}
