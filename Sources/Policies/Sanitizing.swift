import Base
import Formats
import PolicyKit

/// Repairs of the texts of JSON contents, where the configuration asks for them.
///
/// Names of members are never changed, nor what is no string. What comes of it is what the schema
/// is held against, and what goes on.
struct Sanitizing: Sendable {
  /// One kind of repair and where it is made.
  private struct Rule: Sendable {
    var repair: TextRepair
    /// Whether it is made everywhere.
    var isGeneral: Bool
  }

  /// What was changed, for the log.
  struct Result {
    /// The content afterwards.
    var content: [UInt8]
    /// The places that were changed and how, as far as they are told.
    var note: [UInt8]
  }

  /// Most places that may be named: they are told apart by the bits of a word.
  private static let patternsMax = 64
  /// Most places that the log tells of one content.
  private static let toldMax = 8

  private var general: [TextRepair] = []
  private var patterns: [(pattern: PlacePattern, repair: TextRepair)] = []

  /// Whether nothing is ever changed.
  var isEmpty: Bool { general.isEmpty && patterns.isEmpty }

  /// Reads `sanitize`.
  init(_ settings: inout Settings) {
    guard var own = settings.settings("sanitize") else { return }
    for repair in TextRepair.allCases {
      for text in own.texts(repair.rawValue) ?? [] {
        if text.string == "all" {
          general.append(repair)
        } else if let pattern = PlacePattern(text.string), patterns.count < Sanitizing.patternsMax {
          patterns.append((pattern, repair))
        } else {
          own.refuse(
            text, repair.rawValue,
            expected: "all, or up to \(Sanitizing.patternsMax) places such as /items/*/note")
        }
      }
    }
    own.finish()
  }

  /// The content with all repairs made; nil if nothing has to be changed or it is no JSON, which
  /// whoever checks it finds out. The tape is written anew.
  func repaired(_ content: Span<UInt8>, _ tape: inout JSONTape) -> Result? {
    guard !isEmpty, (try? tape.read(content)) != nil else { return nil }
    var walk = RepairWalk(tape, patterns.map(\.pattern))
    var rewrite = JSONRewrite()
    var notes: [String] = []
    var count = 0
    while let place = walk.nextString(content) {
      var text: [UInt8]?
      var made: [String] = []
      for repair in TextRepair.allCases where applies(repair, walk.matching) {
        if let changed = repair.changed(text ?? tape.entries[place].plain(in: content)) {
          text = changed
          made.append(repair.rawValue)
        }
      }
      guard let text else { continue }
      rewrite.replace(place, byString: text)
      count += 1
      if notes.count < Sanitizing.toldMax {
        notes.append("\(walk.pointer(content)) \(made.joined(separator: " "))")
      }
    }
    guard count > 0 else { return nil }
    if count > notes.count { notes.append("\(count - notes.count) more") }
    return Result(
      content: rewrite.applied(to: content, tape),
      note: Array("sanitized \(notes.joined(separator: ", "))".utf8))
  }

  private func applies(_ repair: TextRepair, _ matching: UInt64) -> Bool {
    if general.contains(repair) { return true }
    for place in patterns.indices
    where patterns[place].repair == repair && matching >> UInt64(place) & 1 == 1 {
      return true
    }
    return false
  }

  /// The options, for the tables of the guide.
  static let options: [PolicyManifest.Option] = [
    .init("sanitize.trim", "list of places", default: "none", "white space at both ends goes"),
    .init(
      "sanitize.nfc", "list of places", default: "none",
      "characters are composed (Unicode's form C)"
    ),
    .init(
      "sanitize.escape-html", "list of places", default: "none",
      "`&`, `<`, `>` and quotation marks become references"),
  ]
}
