import Base
public import Formats
import HTTP
public import PolicyKit

/// `headers`: sets, adds and removes fields of requests and responses.
public final class HeadersPolicy: RequestPolicy, ResponsePolicy {
  /// What the policy is called, when it runs, and its options.
  public static var manifest: PolicyManifest {
    PolicyManifest(
      name: "headers", stage: .transformation,
      summary: "Sets, adds and removes fields of requests and responses.",
      options: [
        .init("request", "set, add, remove", default: "none", "what the upstream gets"),
        .init("response", "set, add, remove", default: "none", "what the client gets"),
        .init("security", "boolean", default: "false", "fields that browsers heed for safety"),
      ])
  }

  private let request: FieldEdits
  private let response: FieldEdits
  private let isSecuring: Bool

  /// Compiles the settings; what is wrong is reported through them.
  public init(_ settings: inout Settings, at site: PolicySite) {
    request = FieldEdits(&settings, .request, at: site)
    response = FieldEdits(&settings, .response, at: site)
    isSecuring = settings.boolean("security") ?? false
  }

  /// Decides on one request.
  public func review(_ exchange: inout Exchange) -> Verdict {
    request.applyToRequest(&exchange)
    return .proceed
  }

  /// Changes the head of one response.
  public func reviewResponse(_ exchange: inout Exchange) {
    response.applyToResponse(&exchange)
    if !isSecuring { return }
    exchange.response.fields.remove(.server)
    let powered = Array("x-powered-by".utf8)
    exchange.response.fields.remove(named: powered.span)
    set("x-content-type-options", "nosniff", &exchange)
    set("x-frame-options", "DENY", &exchange)
    set("referrer-policy", "no-referrer", &exchange)
    if exchange.isSecure { set("strict-transport-security", "max-age=31536000", &exchange) }
  }

  private func set(_ name: StaticString, _ value: StaticString, _ exchange: inout Exchange) {
    let bytes = Array(name.description.utf8)
    exchange.response.fields.remove(named: bytes.span)
    exchange.response.fields.append(name: name, text: value)
  }
}
