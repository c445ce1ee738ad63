import Base
import Formats

/// One way in which a request is not what a policy allows; it never holds a value of the request.
struct Violation {
  /// Where it was found, such as `body`.
  var place: String
  /// The parameter, or the way into the content.
  var name: String
  var rule: String
  var expected: String
  var found: String

  init(_ place: String, _ name: String, _ rule: String, _ expected: String, found: String) {
    self.place = place
    self.name = name
    self.rule = rule
    self.expected = expected
    self.found = found
  }

  /// Longest text for the log, in bytes.
  private static let detailBytesMax = 512

  /// All of them for the operator's log, as much as fits, behind what was asked for.
  static func detail(_ violations: [Violation], of operation: String) -> [UInt8] {
    var text = operation
    for violation in violations {
      text += text.isEmpty ? "" : "; "
      text += violation.place
      text += violation.name.isEmpty ? " " : " \(violation.name) "
      text += "\(violation.rule): expected \(violation.expected)"
      if !violation.found.isEmpty { text += ", found \(violation.found)" }
      if text.utf8.count > detailBytesMax { break }
    }
    return Array(text.utf8.prefix(detailBytesMax))
  }

  /// The `errors` of a problem document.
  static func json(_ violations: [Violation]) -> [UInt8] {
    var json = JSONWriter()
    json.beginArray()
    for violation in violations {
      json.beginObject()
      json.key("in")
      json.string(violation.place)
      json.key(violation.place == "body" ? "pointer" : "name")
      json.string(violation.name)
      json.key("rule")
      json.string(violation.rule)
      json.key("expected")
      json.string(violation.expected)
      json.key("found")
      json.string(violation.found)
      json.endObject()
    }
    json.endArray()
    let buffer = json.take()
    return Array(buffer.storage[buffer.readIndex..<buffer.writeIndex])
  }
}
