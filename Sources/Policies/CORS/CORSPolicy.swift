import Base
public import Formats
import HTTP
public import PolicyKit

/// `cors`: says which web pages may call from a browser (Fetch standard §3.2).
public final class CORSPolicy: RequestPolicy, ResponsePolicy {
  /// What the policy is called, when it runs, and its options.
  public static var manifest: PolicyManifest {
    PolicyManifest(
      name: "cors", stage: .admission,
      summary: "Says which web pages may call from a browser.",
      options: [
        .init("origins", "list of origins", default: "required", "exact, or * alone"),
        .init("methods", "list of words", default: "GET, HEAD, POST", "what pages may send"),
        .init("headers", "list of names", default: "none", "fields that pages may send"),
        .init("expose", "list of names", default: "none", "fields that pages may read"),
        .init("credentials", "boolean", default: "false", "cookies and the like; not with *"),
        .init("max-age", "duration", default: "10m", "how long a preflight holds"),
      ])
  }

  private let origins: [[UInt8]]
  private let isAny: Bool
  private let methods: [UInt8]
  private let headers: [UInt8]
  private let expose: [UInt8]
  private let hasCredentials: Bool
  private let maxAge: [UInt8]

  /// Compiles the settings; what is wrong is reported through them.
  public init(_ settings: inout Settings, at site: PolicySite) {
    let given = settings.requiredList("origins") ?? []
    isAny = given == ["*"]
    origins = given.map { Array($0.utf8) }
    for origin in given where !isAny && !CORSPolicy.isOrigin(origin) {
      settings.error(
        "'\(origin)' is no origin", expected: "such as https://app.example.com, or * alone",
        at: settings.position(of: "origins"))
    }
    methods = CORSPolicy.joined(settings.list("methods") ?? ["GET", "HEAD", "POST"])
    headers = CORSPolicy.joined(settings.list("headers") ?? [])
    expose = CORSPolicy.joined(settings.list("expose") ?? [])
    hasCredentials = settings.boolean("credentials") ?? false
    if hasCredentials, isAny {
      settings.error(
        "credentials for every origin would open the API to all pages",
        expected: "named origins", at: settings.position(of: "credentials"))
    }
    let milliseconds = settings.duration("max-age") ?? 600_000
    maxAge = Array("\(milliseconds / 1000)".utf8)
  }

  private static func isOrigin(_ text: String) -> Bool {
    for scheme in ["https://", "http://"] where text.hasPrefix(scheme) {
      let host = text.dropFirst(scheme.count)
      return !host.isEmpty && !host.contains { "/?#@ *".contains($0) }
    }
    return false
  }

  private static func joined(_ words: [String]) -> [UInt8] {
    Array(words.joined(separator: ", ").utf8)
  }

  /// Decides on one request.
  public func review(_ exchange: inout Exchange) -> Verdict {
    if !isAny { exchange.replyFields.append(.vary, text: "origin") }
    guard let origin = exchange.request.fields.value(.origin) else { return .proceed }
    let isKnown = isAny || knows(exchange.request.fields, origin)
    let isPreflight =
      exchange.request.method == .options
      && exchange.request.fields.value(.accessControlRequestMethod) != nil
    if !isKnown { return isPreflight ? .deny(Denial(.originDenied)) : .proceed }
    allow(origin, exchange.request.fields, &exchange.replyFields)
    if !isPreflight {
      append("access-control-expose-headers", expose, &exchange.replyFields)
      return .proceed
    }
    append("access-control-allow-methods", methods, &exchange.replyFields)
    append("access-control-allow-headers", headers, &exchange.replyFields)
    append("access-control-max-age", maxAge, &exchange.replyFields)
    return .answer(status: 204)
  }

  private func knows(_ fields: borrowing Fields, _ origin: Slice) -> Bool {
    let bytes = fields[origin]
    for index in origins.indices {
      let known = origins[index]
      if ASCII.equals(known.span, bytes) { return true }
    }
    return false
  }

  private func allow(_ origin: Slice, _ fields: borrowing Fields, _ reply: inout Fields) {
    if isAny {
      reply.append(name: "access-control-allow-origin", text: "*")
    } else {
      reply.append(name: "access-control-allow-origin", value: fields[origin])
    }
    if hasCredentials { reply.append(name: "access-control-allow-credentials", text: "true") }
  }

  private func append(_ name: StaticString, _ value: [UInt8], _ reply: inout Fields) {
    if !value.isEmpty { reply.append(name: name, value: value.span) }
  }

  /// Changes the head of one response.
  public func reviewResponse(_ exchange: inout Exchange) {
    // What the upstream says of origins is not its to say: one rule holds.
    for index in exchange.response.fields.lines.indices
    where CORSPolicy.isAccessControl(exchange.response.fields, index) {
      exchange.response.fields.lines[index].name = .empty
    }
  }

  private static func isAccessControl(_ fields: borrowing Fields, _ index: Int) -> Bool {
    let name = fields[fields.lines[index].name]
    let prefix: StaticString = "access-control-"
    let count = prefix.utf8CodeUnitCount
    return name.count >= count && ASCII.equals(name.extracting(first: count), prefix)
  }
}
