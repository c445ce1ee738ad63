import Base
import Formats
import HTTP
import PolicyKit
import Schema

/// Content that is to be JSON.
enum JSONContent {
  /// Most violations that are looked for.
  private static let violationsMax = 16

  /// What is wrong with how content is declared: it must be JSON in UTF-8, not encoded otherwise.
  static func typeViolation(_ fields: borrowing Fields) -> Violation? {
    if fields.count(.contentEncoding) > 0 {
      return Violation("header", "content-encoding", "encoding", "none", found: "another")
    }
    guard let type = MediaType(of: fields) else {
      return Violation(
        "header", "content-type", "type", "one media type",
        found: fields.count(.contentType) == 0 ? "none" : "another")
    }
    guard isJSON(type.essence) else {
      return Violation("header", "content-type", "type", "application/json", found: "another")
    }
    guard type.isUTF8 else {
      return Violation("header", "content-type", "charset", "utf-8", found: "another")
    }
    return nil
  }

  /// Whether a type in lower case is JSON or written in it (RFC 6839 §3.1).
  static func isJSON(_ essence: [UInt8]) -> Bool {
    ASCII.equals(essence.span, "application/json") || essence.ends(with: Array("+json".utf8))
  }

  /// What is wrong with a text, by JSON itself or by its schema.
  static func violations(
    _ content: Span<UInt8>, _ schema: JSONSchema, _ tape: inout JSONTape
  ) -> [Violation] {
    do throws(JSONFault) {
      try tape.read(content)
    } catch {
      return [
        Violation("body", "", "syntax", "JSON", found: "\(error), at byte \(error.offset)")
      ]
    }
    if schema.accepts(tape, of: content) { return [] }
    return schema.violations(tape, of: content, max: violationsMax).map {
      Violation("body", $0.pointer, $0.rule, $0.expected, found: $0.found)
    }
  }
}

extension [UInt8] {
  /// Whether the last bytes are these.
  func ends(with other: [UInt8]) -> Bool {
    count >= other.count && suffix(other.count).elementsEqual(other)
  }
}

extension JSONLimits {
  /// Limits for content, as far as `json-depth` and `json-values` say: its length is bounded by
  /// the buffer that it is held in.
  init(_ settings: inout Settings) {
    self.init()
    bytesMax = JSONLimits.bytesBound
    stringBytesMax = JSONLimits.bytesBound
    depthMax = settings.integer("json-depth", in: 1...256) ?? depthMax
    valuesMax = settings.integer("json-values", in: 1...1_048_576) ?? valuesMax
  }

  /// The options, for the tables of the guide.
  static let options: [PolicyManifest.Option] = [
    .init("json-depth", "count", default: "32", "deepest nesting of JSON"),
    .init("json-values", "count", default: "16384", "most values of one JSON text"),
  ]
}
