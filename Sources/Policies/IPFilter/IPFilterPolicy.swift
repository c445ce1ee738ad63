import Base
public import Formats
import HTTP
public import PolicyKit

/// `ip-filter`: lets callers through, or not, by their address.
public final class IPFilterPolicy: RequestPolicy {
  /// What the policy is called, when it runs, and its options.
  public static var manifest: PolicyManifest {
    PolicyManifest(
      name: "ip-filter", stage: .admission,
      summary: "Lets callers through, or not, by their address.",
      options: [
        .init("allow", "list of CIDR", default: "everybody", "only these, if it is given"),
        .init("deny", "list of CIDR", default: "nobody", "never these; wins over allow"),
      ])
  }

  private let allow: [AddressBlock]
  private let deny: [AddressBlock]

  /// Compiles the settings; what is wrong is reported through them.
  public init(_ settings: inout Settings, at site: PolicySite) {
    allow = settings.addressBlocks("allow") ?? []
    deny = settings.addressBlocks("deny") ?? []
    if allow.isEmpty, deny.isEmpty {
      settings.error(
        "'ip-filter' names no address", expected: "allow or deny", at: settings.position)
    }
  }

  /// Decides on one request.
  public func review(_ exchange: inout Exchange) -> Verdict {
    for block in deny where block.contains(exchange.client) { return .deny(Denial(.addressDenied)) }
    if allow.isEmpty { return .proceed }
    for block in allow where block.contains(exchange.client) { return .proceed }
    return .deny(Denial(.addressDenied))
  }
}
