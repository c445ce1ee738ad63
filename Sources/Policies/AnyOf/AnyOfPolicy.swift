import Base
public import Formats
import HTTP
public import PolicyKit

/// `any-of`: several ways to tell who calls, of which one has to work.
///
/// They are tried in the order of the file. What was shown and found wrong is not passed by as if
/// nothing had been shown: another way has to find something right of its own (JWT-25).
public final class AnyOfPolicy: RequestPolicy, CompositePolicy, DocumentPolicy,
  QueryCredentialPolicy, BodyPolicy
{
  /// What the policy is called, when it runs, and its options.
  public static var manifest: PolicyManifest {
    PolicyManifest(
      name: "any-of", stage: .identification, isAuthentication: true,
      summary: "Tells who calls by the first of several ways that works.",
      options: [
        .init(
          "ways", "list of policies", default: "required",
          "the policies, in the order in which they are tried; `anonymous` may stand last")
      ])
  }

  /// Most ways: each may cost every request a signature.
  private static let waysMax = 8

  private let ways: [any CredentialPolicy]
  /// Who calls if nothing is shown; nil if something has to be.
  private let anonymous: AnonymousCaller?

  /// Compiles the settings; what is wrong is reported through them.
  public init(_ settings: inout Settings, at site: PolicySite) {
    var ways: [any CredentialPolicy] = []
    var anonymous: AnonymousCaller?
    let nodes = settings.requiredNode("ways") == nil ? [] : settings.nodes("ways") ?? []
    for (number, node) in nodes.prefix(AnyOfPolicy.waysMax).enumerated() {
      guard let (name, value) = AnyOfPolicy.split(node) else {
        settings.error(
          "this is no policy", expected: "a name and its settings, such as 'jwt: { … }'",
          at: node.position)
        continue
      }
      var own = Settings(
        value, in: settings.diagnostics, interpolation: settings.interpolation)
      if name.string == "anonymous" {
        anonymous = AnonymousCaller(&own)
        if number < nodes.count - 1 {
          settings.error(
            "'anonymous' stands before other ways", expected: "it last", at: name.position)
        }
      } else if let type = AnyOfPolicy.types.first(where: { $0.manifest.name == name.string }) {
        ways.append(type.init(&own, at: site.below("way/\(number)/\(name.string)")))
      } else {
        settings.refuse(
          name, "ways", words: AnyOfPolicy.types.map { $0.manifest.name } + ["anonymous"])
        continue
      }
      own.finish()
    }
    if nodes.count > AnyOfPolicy.waysMax {
      settings.error(
        "'ways' has \(nodes.count) of them", expected: "at most \(AnyOfPolicy.waysMax)",
        at: "ways")
    }
    if ways.isEmpty, settings.node("ways") != nil {
      settings.error(
        "no way tells who calls", expected: "at least one policy, or 'public: true'", at: "ways")
    }
    self.ways = ways
    self.anonymous = anonymous
  }

  /// The names of the ways.
  public static func parts(of settings: Node) -> [String] {
    guard let ways = settings.value("ways"), ways.kind == .sequence else { return [] }
    return ways.elements.compactMap { split($0)?.name.string }
  }

  private static func split(_ node: Node) -> (name: Text, value: Node)? {
    switch node.kind {
    case .scalar where !node.isNull:
      return node.text.map { (Text($0, at: node.position), .null(at: node.position)) }
    case .mapping where node.count == 1:
      let (key, value) = node.pair(0)
      return key.text.map { (Text($0, at: key.position), value) }
    default: return nil
    }
  }

  /// What the ways need of others.
  public var documents: [any RemoteDocument] {
    ways.flatMap { ($0 as? any DocumentPolicy)?.documents ?? [] }
  }

  /// The parameters of the query that some way reads.
  public var secretParameters: [[UInt8]] {
    ways.flatMap { ($0 as? any QueryCredentialPolicy)?.secretParameters ?? [] }
  }

  /// Decides on one request.
  public func review(_ exchange: inout Exchange) -> Verdict {
    var refusal: Denial?
    for index in ways.indices {
      switch ways[index].review(&exchange) {
      case .proceed:
        for other in ways.indices where other != index { ways[other].withdraw(from: &exchange) }
        return .proceed
      case .deny(let denial):
        if denial.problem == .credentialsRequired { continue }
        if refusal == nil { refusal = denial }
      case .answer(let status): return .answer(status: status)
      case .wait(let need): return .wait(for: need)
      case .count(let count): return .count(count)
      }
    }
    if refusal == nil, let anonymous {
      exchange.consumer = anonymous.consumer
      return .proceed
    }
    return refuse(&exchange, refusal)
  }

  /// The first refusal that is about something shown, with the challenges of all ways: a client
  /// may choose (RFC 9110 §11.6.1).
  private func refuse(_ exchange: inout Exchange, _ refusal: Denial?) -> Verdict {
    var denial = refusal ?? Denial(.credentialsRequired)
    guard denial.problem.status == 401 else { return .deny(denial) }
    var told = denial.challenge.map { ["\($0)"] } ?? []
    for index in ways.indices {
      guard let challenge = ways[index].challenge else { continue }
      let text = "\(challenge)"
      if told.contains(where: { AnyOfPolicy.scheme($0) == AnyOfPolicy.scheme(text) }) { continue }
      told.append(text)
      if denial.challenge == nil {
        denial.challenge = challenge
      } else {
        exchange.replyFields.append(name: "www-authenticate", text: challenge)
      }
    }
    return .deny(denial)
  }

  /// Whether a way wants to see the content.
  public func holdsContent(of exchange: borrowing Exchange) -> Bool {
    for index in ways.indices {
      if let way = ways[index] as? any BodyPolicy, way.holdsContent(of: exchange) { return true }
    }
    return false
  }

  /// Has each way that is about content decide on it, whichever let the request in: what a digest
  /// says has to be so in any case.
  public func inspect(_ content: Span<UInt8>, of exchange: inout Exchange) -> Verdict {
    for index in ways.indices {
      guard let way = ways[index] as? any BodyPolicy, way.holdsContent(of: exchange) else {
        continue
      }
      let verdict = way.inspect(content, of: &exchange)
      if case .proceed = verdict { continue }
      return verdict
    }
    return .proceed
  }

  private static func scheme(_ challenge: String) -> Substring { challenge.prefix { $0 != " " } }
}
