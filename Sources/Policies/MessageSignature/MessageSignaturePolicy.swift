import Base
import Crypto
public import Formats
import HTTP
public import PolicyKit

/// `message-signature`: tells who calls by a signature over the request (RFC 9421), with its
/// content held against a digest that is signed too (RFC 9530).
public final class MessageSignaturePolicy: CredentialPolicy, BodyPolicy {
  /// Most signatures of one request that are looked at.
  private static let signaturesMax = 4

  /// What is checked here.
  public static let kind = CredentialKinds.signature

  private let signed: SignedRequests
  private let asksForNonce: Bool
  private let tag: String?

  /// Compiles the settings; what is wrong is reported through them.
  public init(_ settings: inout Settings, at site: PolicySite) {
    signed = SignedRequests(
      &settings, MessageAlgorithm.allCases.filter { $0 != .hmacSHA384 && $0 != .hmacSHA512 },
      components: ["@authority"], of: "signatures", at: site)
    asksForNonce = settings.boolean("nonce") ?? true
    tag = settings.string("tag")
  }

  /// What a client is told that signs nothing.
  public var challenge: StaticString? { "Signature realm=\"gatehouse\"" }

  /// Takes signatures out of the request.
  public func withdraw(from exchange: inout Exchange) {
    if signed.keeps { return }
    for name in ["signature", "signature-input"] {
      exchange.request.fields.remove(named: name.utf8.span)
    }
  }

  /// Decides by the head: the signature, what it covers, and when it was made.
  public func review(_ exchange: inout Exchange) -> Verdict {
    let fields = exchange.request.fields
    guard let inputs = fields.joined("signature-input"), let made = fields.joined("signature")
    else {
      return .deny(Denial(.credentialsRequired, challenge: challenge))
    }
    guard let described = try? StructuredFieldParser.dictionary(inputs.span),
      let signatures = try? StructuredFieldParser.dictionary(made.span)
    else { return refuse("the signature fields are no dictionaries") }
    var reason: StaticString = "no signature has what is asked for"
    for (label, member) in described.prefix(MessageSignaturePolicy.signaturesMax) {
      guard case .list(let items, let parameters) = member,
        case .item(let item) = signatures.first(where: { $0.key == label })?.value,
        case .bytes(let signature) = item.value
      else { continue }
      if let tag, parameters.value("tag") != .string(tag) { continue }
      switch check(items, parameters, signature, exchange) {
      case .success(let consumer):
        identify(consumer, &exchange)
        withdraw(from: &exchange)
        return .proceed
      case .failure(let refusal): reason = refusal.reason
      }
    }
    return refuse(reason)
  }

  /// Why a signature does not count.
  private struct Refusal: Error { let reason: StaticString }

  private func check(
    _ items: [StructuredItem], _ parameters: [StructuredItem.Parameter], _ signature: [UInt8],
    _ exchange: borrowing Exchange
  ) -> Result<Consumer, Refusal> {
    func no(_ reason: StaticString) -> Result<Consumer, Refusal> {
      .failure(Refusal(reason: reason))
    }
    guard let base = SignatureBase(items, parameters, exchange) else {
      return no("the signature covers what is not there, or not known")
    }
    if let reason = missing(base.covered, exchange.request) { return no(reason) }
    let now = exchange.wallMilliseconds / 1000
    guard case .integer(let created) = parameters.value("created"),
      signed.window.holds(created, now: now)
    else { return no("the signature says not when it was made, or is too old or from the future") }
    if let expires = parameters.value("expires") {
      guard case .integer(let end) = expires, end >= 0, UInt64(end) > now else {
        return no("the signature has expired")
      }
    }
    var algorithm: String?
    if let told = parameters.value("alg") {
      guard case .string(let name) = told else { return no("the algorithm is no text") }
      algorithm = name
    }
    guard case .string(let identifier) = parameters.value("keyid"),
      let key = signed.keys.verify(identifier, algorithm, signature.span, of: base.text.span),
      let consumer = key.owner(live: exchange.live)
    else { return no("the signature is wrong, or of a key that is not known") }
    var mark = signature
    if case .string(let nonce) = parameters.value("nonce"), !nonce.isEmpty {
      mark = Array("nonce \(nonce)".utf8)
    } else if asksForNonce {
      return no("the signature has no nonce")
    }
    return signed.replayed(identifier, mark, exchange).map(no) ?? .success(consumer)
  }

  /// What a signature has to cover and does not.
  private func missing(_ covered: Set<String>, _ request: borrowing RequestHead) -> StaticString? {
    let hasTarget = covered.contains("@target-uri") || covered.contains("@request-target")
    if !covered.contains("@method") { return "the signature does not cover the method" }
    if !hasTarget, !covered.contains("@path") { return "the signature does not cover the path" }
    if request.hasQuery, !hasTarget, !covered.contains("@query") {
      return "the signature does not cover the query"
    }
    if request.hasBody, !covered.contains("content-digest") {
      return "the signature does not cover the content"
    }
    for name in signed.components where !covered.contains(name) {
      if name == "@authority", covered.contains("@target-uri") { continue }
      return "the signature does not cover a component that is asked for"
    }
    return nil
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
      name: "message-signature", stage: .identification, isAuthentication: true,
      summary: "Tells who calls by a signature over the request.",
      options: SignedRequests.options(
        keys: "who signs with what; see below",
        components: .init(
          "components", "list", default: "@authority",
          "what has to be signed beside method, path, query and content"), of: "signature") + [
          .init(
            "nonce", "boolean", default: "true",
            "whether each signature needs a nonce; without one it counts as its own"),
          .init("tag", "text", default: "any", "the `tag` of signatures that count"),
        ])
  }
}
