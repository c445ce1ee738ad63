import Client
import Formats
import Scanner

/// An answer as the tools by hand print it.
enum SentAnswer {
  static func text(_ answer: ClientResponse) -> String {
    var text = "\(answer.status), \(answer.body.count) bytes, "
    text += "\(answer.elapsedNanoseconds / 1_000_000) ms\n"
    for field in answer.fields { text += "\(field.name): \(field.value)\n" }
    return text + "\n" + String(decoding: answer.body, as: UTF8.self) + "\n"
  }

  static func json(_ request: ManualRequest, _ answer: ClientResponse) -> String {
    var json = JSONWriter()
    json.beginObject()
    json.key("request")
    json.string(request.method + " " + request.target)
    json.key("status")
    json.integer(answer.status)
    json.key("milliseconds")
    json.integer(Int(answer.elapsedNanoseconds / 1_000_000))
    json.key("fields")
    json.beginArray()
    for field in answer.fields {
      json.beginArray()
      json.string(field.name)
      json.string(field.value)
      json.endArray()
    }
    json.endArray()
    json.key("body")
    json.string(String(decoding: answer.body, as: UTF8.self))
    json.endObject()
    json.endLine()
    return json.text
  }
}

extension ScanError {
  /// The status that a process ends with.
  var exitStatus: Int32 {
    switch self {
    case .description, .identities: 2
    case .login, .target: 3
    }
  }
}
