import Formats
import Schema

extension [SchemaViolation] {
  /// The text without the members that these violations find not described; nil if there are none,
  /// or other violations. `tape` was read from `text`.
  func stripped(_ tape: JSONTape, _ text: Span<UInt8>) -> [UInt8]? {
    var rewrite = JSONRewrite()
    for item in self {
      guard item.rule == "additionalProperties" || item.rule == "unevaluatedProperties" else {
        return nil
      }
      rewrite.remove(item.place)
    }
    return isEmpty ? nil : rewrite.applied(to: text, tape)
  }
}
