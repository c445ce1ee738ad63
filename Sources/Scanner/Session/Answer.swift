import Client

/// What the API answered, as the checks look at it.
struct Answer: Sendable {
  let status: Int
  let fields: [(name: String, value: String)]
  let text: String
  let json: JSONValue?
  let milliseconds: Int

  init(_ response: ClientResponse) {
    status = response.status
    fields = response.fields
    text = String(decoding: response.body, as: UTF8.self)
    json = JSONValue.read(response.body)
    milliseconds = Int(response.elapsedNanoseconds / 1_000_000)
  }

  /// The refusal of whoever shows no certificate where the target demands one of everybody.
  static var refusedHandshake: Answer {
    Answer(ClientResponse(status: 401, fields: [], body: [], elapsedNanoseconds: 0))
  }

  func field(_ name: String) -> String? { fields.first { $0.name == name }?.value }

  /// Whether it is to be shown as HTML.
  var isHTML: Bool { field("content-type")?.lowercased().contains("html") == true }

  /// Whether the API did what it was asked: a 2xx that holds no refusal.
  var isSuccess: Bool { (200..<300).contains(status) && !isSoftRefusal }

  private static let refusingWords: Set<String> = [
    "error", "fail", "failed", "failure", "forbidden", "unauthorized", "denied",
  ]

  /// Whether a 2xx says inside that it is a refusal.
  var isSoftRefusal: Bool {
    guard let json, case .object(let members) = json else { return false }
    return members.contains { Answer.refuses($0, beside: json["data"]) }
      || isEmptyGraph(json["data"])
  }

  private static func refuses(_ member: JSONMember, beside data: JSONValue?) -> Bool {
    let word = member.value.string?.lowercased()
    switch member.name.lowercased() {
    case "ok", "success", "succeeded":
      return member.value == .boolean(false) || word == "false"
    case "status", "result":
      if let word, refusingWords.contains(word) { return true }
      return (400..<600).contains(member.value.integer ?? 0)
    case "code", "statuscode", "status_code":
      return (400..<600).contains(member.value.integer ?? 0)
    case "error", "errors":
      switch member.value {
      case .null, .boolean(false): return false
      case .array(let elements) where elements.isEmpty: return false
      case .object(let members) where members.isEmpty: return false
      case .string(let text) where text.isEmpty: return false
      default: return data == nil || data == .null
      }
    default: return false
    }
  }

  /// Whether it is a GraphQL answer all of whose fields came to nothing because of an error.
  private func isEmptyGraph(_ data: JSONValue?) -> Bool {
    guard let data, json?["errors"]?.elements.isEmpty == false else { return false }
    return data.members.allSatisfy { $0.value == .null }
  }

  /// Whether there is anything in it beyond an empty list or object.
  var hasContent: Bool {
    guard let json else { return text.utf8.count > 8 }
    return !json.leaves.isEmpty
  }

  /// Status and text with each of `echoes` taken out, in the forms that servers echo them in.
  func shape(without echoes: [String]) -> String {
    var result = text
    for echo in echoes where !echo.isEmpty {
      let quoted = JSONValue.string(echo).serialized.dropFirst().dropLast()
      for form in [String(quoted), echo, URLText.encode(echo)] {
        result = result.replacing(form, with: "")
      }
    }
    return "\(status) \(result)"
  }
}
