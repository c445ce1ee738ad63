import Base
import Formats
import HTTP

/// What is done about responses, and what they are searched for.
struct ResponseRules: Sendable {
  enum Reaction: String, CaseIterable, Sendable { case off, report, block, redact }

  let reaction: Reaction
  let scan: LeakScan

  /// Reads `responses` and `leaks`.
  init(_ settings: inout Settings) {
    reaction = settings.choice("responses", of: Reaction.self) ?? .off
    let words = settings.choices("leaks", LeakScan.Kind.allCases.map(\.rawValue))
    if words != nil, reaction == .off {
      settings.error(
        "'leaks' without 'responses'", expected: "responses: report, block or redact", at: "leaks")
    }
    let kinds = words.map { $0.compactMap(LeakScan.Kind.init) } ?? [.secrets, .traces]
    scan = LeakScan(Set(kinds))
  }

  /// Whether content is text, by its type: what has none may be.
  ///
  /// Streams of events are none: who waits for the end of one would never see its beginning.
  static func isText(_ fields: borrowing Fields) -> Bool {
    guard let value = fields.value(.contentType) else { return true }
    guard let type = MediaType(fields[value]) else { return true }
    let essence = type.essence
    if ASCII.equals(essence.span, "text/event-stream") { return false }
    if essence.starts(with: "text/".utf8) || JSONContent.isJSON(essence) { return true }
    for text in textTypes where ASCII.equals(essence.span, text) { return true }
    return essence.ends(with: Array("+xml".utf8))
  }

  private static let textTypes: [StaticString] = [
    "application/xml", "application/javascript", "application/x-javascript", "application/yaml",
    "application/x-www-form-urlencoded", "application/graphql-response+json",
  ]
}
