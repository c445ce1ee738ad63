/// The policies that a gateway knows, by name.
public struct PolicyCatalogue: Sendable {
  /// All of them, in no order that matters.
  public let policies: [any Policy.Type]

  /// The catalogue of `policies`, whose names differ.
  public init(_ policies: [any Policy.Type]) { self.policies = policies }

  /// The policy called `name`, or nil.
  public func policy(_ name: String) -> (any Policy.Type)? {
    policies.first { $0.manifest.name == name }
  }

  /// The names of all.
  public var names: [String] { policies.map { $0.manifest.name } }

  /// The names of those that tell who calls.
  public var authenticationNames: [String] {
    policies.filter { $0.manifest.isAuthentication }.map { $0.manifest.name }
  }
}
