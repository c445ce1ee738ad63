import Base
import Crypto
public import Formats
import HTTP
public import PolicyKit

/// `hmac`: tells who calls by a code over the request that a shared secret was used for, as the
/// drafts before RFC 9421 had it and many clients still do.
public final class HMACPolicy: CredentialPolicy, BodyPolicy {
  /// What is checked here.
  public static let kind = CredentialKinds.signature

  private let signed: SignedRequests

  /// Compiles the settings; what is wrong is reported through them.
  public init(_ settings: inout Settings, at site: PolicySite) {
    signed = SignedRequests(
      &settings, [.hmacSHA256, .hmacSHA384, .hmacSHA512], components: [], of: "codes", at: site)
  }

  /// What a client is told that signs nothing.
  public var challenge: StaticString? { "hmac realm=\"gatehouse\"" }

  /// Takes codes out of the request.
  public func withdraw(from exchange: inout Exchange) {
    if !signed.keeps, HMACPolicy.credentials(exchange.request.fields) != nil {
      exchange.request.fields.remove(.authorization)
    }
  }

  /// What stands behind the scheme, if that is ours.
  private static func credentials(_ fields: borrowing Fields) -> ArraySlice<UInt8>? {
    guard let place = fields.value(.authorization) else { return nil }
    let value = fields.arena[place.range]
    for scheme in ["hmac ", "signature "] {
      let start = value.prefix(scheme.utf8.count)
      if String(decoding: start, as: UTF8.self).lowercased() == scheme {
        return value.dropFirst(scheme.utf8.count)
      }
    }
    return nil
  }

  /// Decides by the head: the code, what it covers, and when it was made.
  public func review(_ exchange: inout Exchange) -> Verdict {
    guard let given = HMACPolicy.credentials(exchange.request.fields) else {
      return .deny(Denial(.credentialsRequired, challenge: challenge))
    }
    guard exchange.request.fields.count(.authorization) == 1,
      let parameters = SignatureParameters.read(given),
      let identifier = parameters["username"] ?? parameters["keyid"],
      let text = parameters["signature"],
      let code = Base64.decode(text.utf8.span, .standard)
    else { return refuse("the credentials are malformed, or there are several") }
    exchange.notes(claimedName: identifier)
    let names = (parameters["headers"] ?? "date").lowercased().split(separator: " ")
      .map(String.init)
    if let reason = missing(Set(names), exchange.request) { return refuse(reason) }
    guard let base = HMACPolicy.base(names, exchange) else {
      return refuse("the code covers what is not there, or not known")
    }
    guard isTimely(names, exchange) else {
      return refuse("the date is missing, too old or in the future")
    }
    guard
      let key = signed.keys.verify(identifier, parameters["algorithm"], code.span, of: base.span),
      let consumer = key.owner(live: exchange.live)
    else { return refuse("the code is wrong, or of a key that is not known") }
    if let reason = signed.replayed(identifier, code, exchange) { return refuse(reason) }
    identify(consumer, &exchange)
    withdraw(from: &exchange)
    return .proceed
  }

  private static let targets: Set<String> = [
    "(request-target)", "@request-target", "request-line",
  ]

  /// What the code has to cover and does not.
  private func missing(_ covered: Set<String>, _ request: borrowing RequestHead) -> StaticString? {
    if covered.isDisjoint(with: HMACPolicy.targets) {
      return "the code does not cover method, path and query"
    }
    if !covered.contains("date"), !covered.contains("x-date") {
      return "the code does not cover the date"
    }
    if request.hasBody, !covered.contains("digest"), !covered.contains("content-digest") {
      return "the code does not cover the content"
    }
    for name in signed.components where !covered.contains(name) {
      return "the code does not cover a field that is asked for"
    }
    return nil
  }

  /// The text that the code is made over, line by line.
  private static func base(_ names: [String], _ exchange: borrowing Exchange) -> [UInt8]? {
    let fields = exchange.request.fields
    guard Set(names).count == names.count, names.count <= 64 else { return nil }
    let path = exchange.fullPath.isEmpty ? exchange.request.path : exchange.fullPath
    let query = exchange.request.hasQuery ? "?" + fields.text(exchange.request.query) : ""
    let target = fields.text(path) + query
    let method = fields.text(exchange.request.methodText)
    var lines: [[UInt8]] = []
    for name in names {
      switch name {
      case "(request-target)", "@request-target":
        lines.append(Array("\(name): \(method.lowercased()) \(target)".utf8))
      case "request-line": lines.append(Array("\(method) \(target) HTTP/1.1".utf8))
      case "host": lines.append(Array("host: \(host(exchange.request))".utf8))
      default:
        guard let value = fields.joined(name) else { return nil }
        lines.append(Array("\(name): ".utf8) + value)
      }
    }
    return Array(lines.joined(separator: [0x0A]))
  }

  private static func host(_ request: borrowing RequestHead) -> String {
    request.fields.text(request.host) + (request.port == 0 ? "" : ":\(request.port)")
  }

  /// Whether the signed date, or dates, lie within the window.
  private func isTimely(_ names: [String], _ exchange: borrowing Exchange) -> Bool {
    for name in ["date", "x-date"] where names.contains(name) {
      guard let text = exchange.request.fields.joined(name), let seconds = HTTPTime.seconds(text),
        signed.window.holds(seconds, now: exchange.wallMilliseconds / 1000)
      else { return false }
    }
    return true
  }

  /// Whether the request says of its content what it is.
  public func holdsContent(of exchange: borrowing Exchange) -> Bool {
    signed.holdsContent(of: exchange)
  }

  /// Decides by the content: it has to be what the signed digest says.
  public func inspect(_ content: Span<UInt8>, of exchange: inout Exchange) -> Verdict {
    signed.fault(of: content, exchange).map(refuse) ?? .proceed
  }

  private func refuse(_ reason: StaticString) -> Verdict {
    .deny(Denial(.credentialsInvalid, challenge: challenge, reason: reason))
  }

  /// What the policy is called, when it runs, and its options.
  public static var manifest: PolicyManifest {
    PolicyManifest(
      name: "hmac", stage: .identification, isAuthentication: true,
      summary: "Tells who calls by a code that a shared secret makes over the request.",
      options: SignedRequests.options(
        keys: "who signs with which secret; see below",
        components: .init(
          "components", "list of field names", default: "none",
          "what has to be covered beside request target, date and digest"), of: "code"))
  }
}
