import Formats
import OpenAPI
public import PolicyKit

/// The settings of `openapi`.
extension OpenAPIPolicy {
  /// Most remarks on a description that are shown.
  static let remarksMax = 5

  /// What may be done about parts that are not described, members apart.
  private static let reactions = ["refuse", "report", "allow"]

  static func rules(_ settings: inout Settings) -> RequestCheck.Rules {
    var rules = RequestCheck.Rules()
    rules.checksCaller = settings.boolean("security") ?? true
    guard var unknown = settings.settings("unknown") else { return rules }
    let parts: [(String, WritableKeyPath<RequestCheck.Rules, UnknownPart>)] = [
      ("operation", \.unknownOperations), ("parameter", \.unknownParameters),
      ("content-type", \.unknownTypes), ("property", \.unknownMembers),
    ]
    for (key, path) in parts {
      let words = reactions + (key == "property" ? ["strip"] : [])
      if let word = unknown.choice(key, words), let reaction = UnknownPart(rawValue: word) {
        rules[keyPath: path] = reaction
      }
    }
    unknown.finish()
    return rules
  }

  /// What a description calls the kinds of credentials that policies check; signatures have no
  /// scheme of their own.
  static let kinds: [(SecurityNeed.Kind, CredentialKinds)] = [
    (.key, .key), (.token, .token), (.certificate, .certificate), (.password, .password),
  ]

  /// The kinds of credentials that the policies of a chain check, those that are ways of another
  /// policy among them.
  static func checkedKinds(_ site: PolicySite) -> Set<SecurityNeed.Kind> {
    var checked: CredentialKinds = []
    for policy in AnyOfPolicy.types where site.companions.contains(policy.manifest.name) {
      checked.formUnion(policy.kind)
    }
    return Set(kinds.filter { !checked.isDisjoint(with: $0.1) }.map(\.0))
  }

  static func contract(
    _ settings: inout Settings, _ site: PolicySite, _ rules: RequestCheck.Rules,
    _ responses: ResponseRules
  ) -> APIContract? {
    let basePath = settings.path("base-path")
    let document =
      settings.text("document") ?? site.description ?? settings.requiredText("document")
    guard let file = PolicyFile(document, settings, site) else { return nil }
    var own = APIContract.Settings()
    own.basePath = basePath.map { $0.string == "/" ? "" : $0.string }
    own.coversResponses = responses.reaction != .off
    own.tellsUnknownMembers = rules.unknownMembers != .allow
    do throws(APIFault) {
      let contract = try APIContract(file.bytes, settings: own)
      for remark in contract.remarks.prefix(remarksMax) {
        settings.warning("\(file.name.shown):\(remark)", at: file.name.position)
      }
      return contract
    } catch {
      settings.error("\(file.name.shown):\(error)", at: file.name.position)
      return nil
    }
  }

  /// What the policy is called, when it runs, and its options.
  public static var manifest: PolicyManifest {
    PolicyManifest(
      name: "openapi", stage: .inspection,
      summary: "Lets through only what the description of the API allows.",
      options: [
        .init(
          "document", "path", default: "the service's `openapi`",
          "OpenAPI 3.0 to 3.2, or Swagger 2.0; JSON or YAML"),
        .init(
          "base-path", "path", default: "those of the servers",
          "what stands before the description's paths"),
        .init(
          "responses", "word", default: "off",
          "off, report, block, or redact: what must not get out is taken out"),
        .init(
          "leaks", "list of words", default: "secrets, traces",
          "what responses are searched for: secrets, traces, cards"),
        .init(
          "unknown.operation", "word", default: "refuse",
          "refuse, report or allow: paths and methods that are not described"),
        .init(
          "unknown.parameter", "word", default: "refuse",
          "refuse, report or allow: parameters of the query"),
        .init(
          "unknown.content-type", "word", default: "refuse",
          "refuse, report or allow: media types, and content where none is described"),
        .init(
          "unknown.property", "word", default: "allow",
          "refuse, report, allow or strip: members of JSON, where the schema allows them by silence"
        ),
        .init(
          "security", "boolean", default: "true",
          "whether operations that ask for credentials and scopes need a caller that has them"),
      ] + Sanitizing.options + CheckManner.options + JSONLimits.options)
  }
}
