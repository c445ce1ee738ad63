import Foundation

/// What the Open Cybersecurity Schema Framework 1.6.0 demands of the classes and objects that we
/// write: which attributes there may be, which there must be, and of which type each is.
///
/// The table holds what is used here and no more: an attribute that it lacks is a flaw.
enum OCSFRules {
  indirect enum Kind: Sendable {
    case integer, text, boolean, address
    case object(String)
    case list(Kind)
    case anything
  }

  struct Rule: Sendable {
    var required: Set<String> = []
    var attributes: [String: Kind]
    /// At least one of these has to be there.
    var anyOf: Set<String> = []
  }

  private static let base: [String: Kind] = [
    "class_uid": .integer, "class_name": .text, "category_uid": .integer, "category_name": .text,
    "activity_id": .integer, "activity_name": .text, "type_uid": .integer, "time": .integer,
    "severity_id": .integer, "severity": .text, "status_id": .integer, "status": .text,
    "status_code": .text, "status_detail": .text, "duration": .integer,
    "metadata": .object("metadata"), "unmapped": .anything, "count": .integer,
  ]

  private static let baseRequired: Set<String> = [
    "class_uid", "category_uid", "activity_id", "type_uid", "time", "severity_id", "metadata",
  ]

  private static let classes: [Int: Rule] = [
    6003: Rule(
      required: ["actor", "api", "src_endpoint"],
      attributes: [
        "actor": .object("actor"), "api": .object("api"), "src_endpoint": .object("endpoint"),
        "dst_endpoint": .object("endpoint"), "http_request": .object("http_request"),
        "http_response": .object("http_response"), "resources": .list(.object("resource")),
      ]),
    4002: Rule(
      attributes: [
        "src_endpoint": .object("endpoint"), "dst_endpoint": .object("endpoint"),
        "http_request": .object("http_request"), "http_response": .object("http_response"),
        "http_status": .integer,
      ], anyOf: ["http_request", "http_response"]),
    4001: Rule(
      attributes: ["src_endpoint": .object("endpoint"), "dst_endpoint": .object("endpoint")],
      anyOf: ["src_endpoint", "dst_endpoint"]),
    3002: Rule(
      required: ["user"],
      attributes: [
        "user": .object("user"), "service": .object("service"), "is_remote": .boolean,
        "src_endpoint": .object("endpoint"), "http_request": .object("http_request"),
        "http_response": .object("http_response"),
      ], anyOf: ["service", "dst_endpoint"]),
    3003: Rule(
      required: ["user"],
      attributes: [
        "user": .object("user"), "privileges": .list(.text), "src_endpoint": .object("endpoint"),
        "http_request": .object("http_request"), "http_response": .object("http_response"),
      ], anyOf: ["privileges", "groups"]),
    2004: Rule(
      required: ["finding_info"],
      attributes: [
        "finding_info": .object("finding_info"), "confidence_id": .integer,
        "evidences": .list(.object("evidence")),
      ]),
  ]

  private static let objects: [String: Rule] = [
    "metadata": Rule(
      required: ["product", "version"],
      attributes: [
        "product": .object("product"), "version": .text, "uid": .text, "sequence": .integer,
        "log_name": .text, "log_provider": .text, "correlation_uid": .text,
      ]),
    "product": Rule(required: ["vendor_name"], attributes: ["name": .text, "vendor_name": .text]),
    "actor": Rule(attributes: ["user": .object("user")], anyOf: ["user", "session"]),
    "user": Rule(
      attributes: ["name": .text, "type_id": .integer, "credential_uid": .text],
      anyOf: ["name", "uid"]),
    "api": Rule(
      required: ["operation"],
      attributes: [
        "operation": .text, "service": .object("service"), "request": .object("request"),
        "response": .object("response"),
      ]),
    "service": Rule(attributes: ["name": .text], anyOf: ["name", "uid"]),
    "request": Rule(required: ["uid"], attributes: ["uid": .text]),
    "response": Rule(attributes: ["code": .integer, "error": .text, "error_message": .text]),
    "endpoint": Rule(
      attributes: ["ip": .address, "hostname": .text, "name": .text, "svc_name": .text],
      anyOf: ["ip", "hostname", "name"]),
    "http_request": Rule(
      attributes: [
        "http_method": .text, "uid": .text, "user_agent": .text, "referrer": .text,
        "version": .text, "length": .integer, "url": .object("url"),
      ]),
    "http_response": Rule(
      required: ["code"],
      attributes: [
        "code": .integer, "length": .integer, "latency": .integer, "content_type": .text,
      ]),
    "url": Rule(
      attributes: ["hostname": .text, "path": .text, "query_string": .text, "scheme": .text],
      anyOf: ["path", "url_string"]),
    "resource": Rule(attributes: ["name": .text, "type": .text]),
    "finding_info": Rule(
      required: ["uid", "title"],
      attributes: [
        "uid": .text, "title": .text, "desc": .text, "analytic": .object("analytic"),
        "created_time": .integer,
      ]),
    "analytic": Rule(required: ["type_id"], attributes: ["name": .text, "type_id": .integer]),
    "evidence": Rule(
      attributes: ["src_endpoint": .object("endpoint"), "actor": .object("actor")],
      anyOf: ["src_endpoint"]),
  ]

  /// What is wrong with an event; empty if nothing is.
  static func flaws(in event: [String: Any]) -> [String] {
    guard let uid = event["class_uid"] as? Int, let rule = classes[uid] else {
      return ["no class"]
    }
    var whole = rule
    whole.attributes.merge(base) { own, _ in own }
    whole.required.formUnion(baseRequired)
    var flaws = self.flaws(in: event, whole, "event")
    if event["category_uid"] as? Int != uid / 1000 { flaws.append("category_uid") }
    let activity = event["activity_id"] as? Int ?? -1
    if event["type_uid"] as? Int != uid * 100 + activity { flaws.append("type_uid") }
    return flaws
  }

  private static func flaws(
    in object: [String: Any], _ rule: Rule, _ path: String
  ) -> [String] {
    var flaws: [String] = []
    for name in rule.required where object[name] == nil {
      flaws.append("\(path).\(name) is missing")
    }
    if !rule.anyOf.isEmpty, rule.anyOf.isDisjoint(with: object.keys) {
      flaws.append("\(path) has none of \(rule.anyOf.sorted())")
    }
    for (name, value) in object {
      guard let kind = rule.attributes[name] else {
        flaws.append("\(path).\(name) is unknown")
        continue
      }
      flaws += self.flaws(in: value, kind, "\(path).\(name)")
    }
    return flaws
  }

  private static func flaws(in value: Any, _ kind: Kind, _ path: String) -> [String] {
    switch kind {
    case .anything: return []
    case .integer:
      return value is Int && !(value is Bool && "\(value)".hasPrefix("t")) ? [] : [path]
    case .boolean: return value is Bool ? [] : [path]
    case .text: return value is String ? [] : [path]
    case .address:
      let letters = Set("0123456789abcdef.:")
      return (value as? String).map { !$0.isEmpty && $0.allSatisfy(letters.contains) } == true
        ? [] : [path]
    case .object(let name):
      guard let object = value as? [String: Any], let rule = objects[name] else { return [path] }
      return flaws(in: object, rule, path)
    case .list(let kind):
      guard let list = value as? [Any] else { return [path] }
      return list.flatMap { flaws(in: $0, kind, path) }
    }
  }
}
