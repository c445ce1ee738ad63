import Base
public import Formats
import HTTP
public import PolicyKit
import Schema

/// `json-schema`: lets through only JSON that its schema allows.
public final class JSONSchemaPolicy: RequestPolicy, BodyPolicy {
  private enum Draft: String, CaseIterable {
    case draft2020 = "2020-12"
    case draft7 = "7"
    case draft4 = "4"

    var dialect: SchemaDialect {
      switch self {
      case .draft2020: .draft2020
      case .draft7: .draft7
      case .draft4: .draft4
      }
    }
  }

  private let schema: JSONSchema?
  private let manner: CheckManner
  private let limits: JSONLimits
  private let sanitizing: Sanitizing

  /// Compiles the settings; what is wrong is reported through them.
  public init(_ settings: inout Settings, at site: PolicySite) {
    manner = CheckManner(&settings)
    limits = JSONLimits(&settings)
    sanitizing = Sanitizing(&settings)
    schema = JSONSchemaPolicy.schema(&settings, site)
  }

  private static func schema(_ settings: inout Settings, _ site: PolicySite) -> JSONSchema? {
    var own = JSONSchema.Settings()
    own.dialect = (settings.choice("draft", of: Draft.self) ?? .draft2020).dialect
    own.assertsFormats = settings.boolean("formats") ?? true
    for name in settings.texts("references") ?? [] {
      guard let file = PolicyFile(name, settings, site), let tree = file.tree(settings) else {
        continue
      }
      guard let address = tree.value["$id"]?.string ?? tree.value["id"]?.string else {
        settings.error(
          "\(name.shown) has no '$id' by which references could lead to it", at: name.position)
        continue
      }
      own.documents[address.hasSuffix("#") ? String(address.dropLast()) : address] = tree.value
    }
    guard let file = PolicyFile(settings.requiredText("schema"), settings, site),
      let tree = file.tree(settings)
    else { return nil }
    do throws(SchemaFault) {
      return try JSONSchema(tree.value, settings: own)
    } catch {
      let place = tree.source.position(at: error.pointer)
      let way = error.pointer.tokens.isEmpty ? "" : " at \(error.pointer)"
      settings.error(
        "\(file.name.shown):\(place.line):\(place.column): \(error.reason)\(way)",
        at: file.name.position)
      return nil
    }
  }

  // MARK: Requests

  /// Whether a request of this method says nothing without content.
  private static func needsContent(_ method: Method) -> Bool {
    switch method {
    case .post, .put, .patch: true
    default: false
    }
  }

  /// Decides by the head of a request: whether there is JSON.
  public func review(_ exchange: inout Exchange) -> Verdict {
    guard schema != nil else { return .deny(Denial(.internalError)) }
    guard manner.looksAt(exchange) else { return .proceed }
    guard exchange.request.hasBody else {
      guard JSONSchemaPolicy.needsContent(exchange.request.method) else { return .proceed }
      return manner.conclude(
        [Violation("body", "", "required", "content", found: "none")], of: "",
        Denial(.validationFailed, reason: "no content where the schema asks for some"), &exchange)
    }
    guard let violation = JSONContent.typeViolation(exchange.request.fields) else {
      return .proceed
    }
    return manner.conclude(
      [violation], of: "", Denial(.unsupportedMediaType, reason: "content is not declared as JSON"),
      &exchange)
  }

  /// Holds what it looks at.
  public func holdsContent(of exchange: borrowing Exchange) -> Bool { manner.looksAt(exchange) }

  /// Decides by the content, once all of it is there.
  public func inspect(_ content: Span<UInt8>, of exchange: inout Exchange) -> Verdict {
    guard let schema, exchange.request.hasBody, manner.looksAt(exchange) else { return .proceed }
    exchange.tape.limits = limits
    guard !sanitizing.isEmpty, let repaired = sanitizing.repaired(content, &exchange.tape) else {
      return decide(schema, content, of: &exchange)
    }
    let verdict = decide(schema, repaired.content.span, of: &exchange)
    if case .proceed = verdict, manner.mode == .block {
      exchange.newContent = repaired.content
      exchange.note(repaired.note)
    }
    return verdict
  }

  /// Decides by content as it is to go on.
  private func decide(
    _ schema: JSONSchema, _ content: Span<UInt8>, of exchange: inout Exchange
  ) -> Verdict {
    let violations = JSONContent.violations(content, schema, &exchange.tape)
    if violations.isEmpty { return .proceed }
    return manner.conclude(
      violations, of: "", Denial(.validationFailed, reason: "not what the schema allows"),
      &exchange)
  }
}

extension JSONSchemaPolicy {
  /// What the policy is called, when it runs, and its options.
  public static var manifest: PolicyManifest {
    PolicyManifest(
      name: "json-schema", stage: .inspection,
      summary: "Lets through only JSON that its schema allows.",
      options: [
        .init("schema", "path", default: "required", "the schema; JSON or YAML"),
        .init(
          "references", "list of paths", default: "none",
          "other schemas that `$ref` may lead to, by their `$id`"),
        .init(
          "draft", "word", default: "2020-12", "2020-12, 7 or 4, for a schema without `$schema`"),
        .init("formats", "boolean", default: "true", "whether `format` counts"),
      ] + Sanitizing.options + CheckManner.options + JSONLimits.options)
  }
}
