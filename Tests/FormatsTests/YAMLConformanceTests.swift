import Formats
import Foundation
import Testing

private let conformanceFolder = ProcessInfo.processInfo.environment["GATEHOUSE_CONFORMANCE"]

/// The public YAML test suite, when `GATEHOUSE_CONFORMANCE` names the folder that holds it.
@Suite(.enabled(if: conformanceFolder != nil)) struct YAMLConformanceTests {
  struct Case: Decodable {
    var id: String
    var yaml: String
    var json: String?
    var error: Bool

    enum CodingKeys: String, CodingKey {
      case id, error
      case yaml = "in_yaml"
      case json = "in_json"
    }
  }

  static func cases() throws -> [Case] {
    let path = try #require(conformanceFolder) + "/yaml/cases.jsonl"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    return try text.split(separator: "\n").map {
      try JSONDecoder().decode(Case.self, from: Data($0.utf8))
    }
  }

  /// Texts that the suite calls wrong and libyaml reads all the same. None means anything else than
  /// what a reader sees: comments without a space before them, continuation lines of a quoted text
  /// or of a list in brackets that are not indented, a lone dash, directives with trailing text.
  static let tolerated: Set = [
    "9C9N", "9JBA", "CVW2", "DK95/01", "G5U8", "MUS6/00", "QB6E", "S98Z", "SU5Z", "X4QW",
    "Y79Y/003", "YJV2",
  ]

  /// Texts that libyaml, which is of YAML 1.1, reads otherwise: `?x` in brackets is the key `x`, an
  /// anchor ends at a colon, and blank lines at the end of a block differ by one.
  static let different: Set = ["652Z", "HM87/01", "JEF9/02", "L24T/01", "Y2GN"]

  /// Sound texts that are refused, by the begin of the message. The first four are our own rules,
  /// the last is libyaml: mostly tabs as separation, colons next to brackets, directives of 1.2.
  static let refused = [
    "a list or mapping cannot be a key": 15, "a second document begins here": 11, "the tag ": 16,
    "the file is empty": 3, "invalid YAML: ": 50,
  ]

  @Test func `Wrong texts are refused, but for those that libyaml tolerates`() throws {
    let wrong = try YAMLConformanceTests.cases().filter(\.error)
    #expect(wrong.count == 94)
    let accepted = wrong.filter { read($0.yaml).0 != nil }.map(\.id)
    #expect(Set(accepted) == YAMLConformanceTests.tolerated)
  }

  @Test func `Sound texts within our subset mean what their JSON says`() throws {
    var equal = 0
    var different: Set<String> = []
    for test in try YAMLConformanceTests.cases() where !test.error {
      guard let root = read(test.yaml).0, let json = test.json else { continue }
      let wanted = try JSONDecoder().decode(Value.self, from: Data(json.utf8))
      if Value(root) == wanted { equal += 1 } else { different.insert(test.id) }
    }
    #expect(equal == 204)
    #expect(different == YAMLConformanceTests.different)
  }

  @Test func `Sound texts are refused for known reasons alone`() throws {
    var counts: [String: Int] = [:]
    for test in try YAMLConformanceTests.cases() where !test.error {
      let (root, diagnostics) = read(test.yaml)
      guard root == nil, let message = diagnostics.sorted.first?.message else { continue }
      let reason = YAMLConformanceTests.refused.keys.first { message.hasPrefix($0) }
      counts[reason ?? message, default: 0] += 1
    }
    #expect(counts == YAMLConformanceTests.refused)
  }

  indirect enum Value: Hashable, Decodable {
    case null
    case boolean(Bool)
    case number(Double)
    case text(String)
    case list([Value])
    case mapping([String: Value])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if container.decodeNil() {
        self = .null
      } else if let value = try? container.decode(Bool.self) {
        self = .boolean(value)
      } else if let value = try? container.decode(Double.self) {
        self = .number(value)
      } else if let value = try? container.decode(String.self) {
        self = .text(value)
      } else if let value = try? container.decode([Value].self) {
        self = .list(value)
      } else {
        self = .mapping(try container.decode([String: Value].self))
      }
    }

    init(_ node: Node) {
      switch node.kind {
      case .sequence: self = .list(node.elements.map { Value($0) })
      case .mapping:
        var pairs: [String: Value] = [:]
        for place in 0..<node.count {
          let (key, value) = node.pair(place)
          pairs[key.text ?? ""] = Value(value)
        }
        self = .mapping(pairs)
      case .scalar:
        switch node.scalar {
        case .boolean(let value): self = .boolean(value)
        case .integer(let value): self = .number(Double(value))
        case .number(let value): self = .number(value)
        case .text(let value): self = .text(value)
        case .null, nil: self = .null
        }
      }
    }
  }
}
