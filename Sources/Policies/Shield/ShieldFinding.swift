import Base
import Formats
import SecLang

/// One rule that a request met, for the log and, if the configuration says so, for the client.
struct ShieldFinding {
  /// Where it was found, such as `query`; empty if it was no one place.
  let place: String
  /// What the place is called there.
  let name: String
  let rule: Int
  let message: String

  /// Longest text for the log, in bytes; longest name in it, in characters.
  private static let detailBytesMax = 512
  private static let nameMax = 64

  /// What was found, each rule once at each place; never a value of the request.
  static func all(_ inspection: borrowing Inspection, _ rules: RuleSet) -> [ShieldFinding] {
    var known: Set<String> = []
    var findings: [ShieldFinding] = []
    for match in inspection.matches {
      let place = match.input.map { word(inspection.kind(ofInput: $0)) } ?? ""
      let name = match.input.map {
        String(String(decoding: inspection.name(ofInput: $0), as: UTF8.self).prefix(nameMax))
      }
      let finding = ShieldFinding(
        place: place, name: name ?? "", rule: rules.identifier(of: match.rule),
        message: rules.message(of: match.rule))
      if known.insert("\(finding.rule) \(place) \(finding.name)").inserted {
        findings.append(finding)
      }
    }
    return findings
  }

  /// What a part of a request is called.
  private static func word(_ kind: InputKind) -> String {
    switch kind {
    case .queryArgument, .query: "query"
    case .queryArgumentName: "query name"
    case .bodyArgument, .body: "body"
    case .bodyArgumentName: "body name"
    case .cookie: "cookie"
    case .cookieName: "cookie name"
    case .header: "header"
    case .headerName: "header name"
    case .fileName, .fileField, .fileSignature: "file"
    case .partHeader: "part"
    case .xmlText, .xmlAttribute: "xml"
    case .path, .baseName, .target, .rawTarget, .pathSegment: "path"
    case .requestLine, .method, .version, .clientAddress, .hostName: "request"
    }
  }

  /// All of them for the operator's log, as much as fits.
  static func detail(_ findings: [ShieldFinding]) -> [UInt8] {
    var text = "shield:"
    for finding in findings {
      text += text.hasSuffix(":") ? " " : "; "
      text += "\(finding.rule)"
      if !finding.place.isEmpty { text += " \(finding.place)" }
      if !finding.name.isEmpty { text += " \(finding.name)" }
      text += " (\(finding.message))"
      if text.utf8.count > detailBytesMax { break }
    }
    return Array(text.utf8.prefix(detailBytesMax))
  }

  /// The `errors` of a problem document.
  static func json(_ findings: [ShieldFinding]) -> [UInt8] {
    var json = JSONWriter()
    json.beginArray()
    for finding in findings where !finding.place.isEmpty {
      json.beginObject()
      json.key("in")
      json.string(finding.place)
      json.key("name")
      json.string(finding.name)
      json.key("rule")
      json.string("\(finding.rule)")
      json.endObject()
    }
    json.endArray()
    let buffer = json.take()
    return Array(buffer.storage[buffer.readIndex..<buffer.writeIndex])
  }
}
