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

  func field(_ name: String) -> String? { fields.first { $0.name == name }?.value }

  /// Whether the API did what it was asked: a 2xx that holds no refusal.
  var isSuccess: Bool { (200..<300).contains(status) && !isSoftRefusal }

  /// Whether a 2xx says inside that it is a refusal.
  var isSoftRefusal: Bool {
    guard let json, case .object(let members) = json else { return false }
    for member in members {
      let name = member.name.lowercased()
      if ["ok", "success", "succeeded"].contains(name), member.value == .boolean(false) {
        return true
      }
      if name == "status", let word = member.value.string?.lowercased(),
        ["error", "fail", "failed", "failure", "forbidden", "unauthorized"].contains(word)
      {
        return true
      }
      if name == "error" || name == "errors" {
        switch member.value {
        case .null, .boolean(false): continue
        case .array(let elements) where elements.isEmpty: continue
        case .string(let text) where text.isEmpty: continue
        default: if json["data"] == nil || json["data"] == .null { return true }
        }
      }
      if name == "code" || name == "status", let code = member.value.integer,
        (400..<600).contains(code)
      {
        return true
      }
    }
    return false
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
