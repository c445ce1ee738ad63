import Foundation
import Testing

@testable import Scanner

@Suite struct ScoreTests {
  private static let weights: [String: [String: Double]] = [
    "AV": ["N": 0.85, "A": 0.62, "L": 0.55, "P": 0.2], "AC": ["L": 0.77, "H": 0.44],
    "UI": ["N": 0.85, "R": 0.62], "C": ["H": 0.56, "L": 0.22, "N": 0],
    "I": ["H": 0.56, "L": 0.22, "N": 0], "A": ["H": 0.56, "L": 0.22, "N": 0],
  ]

  /// The base score of a vector (CVSS 3.1 §7.1 and appendix A).
  private static func score(_ vector: String) -> Double {
    var parts: [String: String] = [:]
    for part in vector.split(separator: "/") {
      let pair = part.split(separator: ":").map(String.init)
      parts[pair[0]] = pair[1]
    }
    func weight(_ name: String) -> Double { weights[name]?[parts[name] ?? ""] ?? .nan }
    let isWide = parts["S"] == "C"
    let rights: [String: Double] =
      isWide ? ["N": 0.85, "L": 0.68, "H": 0.5] : ["N": 0.85, "L": 0.62, "H": 0.27]
    let base = 1 - (1 - weight("C")) * (1 - weight("I")) * (1 - weight("A"))
    let impact =
      isWide ? 7.52 * (base - 0.029) - 3.25 * pow(base - 0.02, 15) : 6.42 * base
    let ease =
      8.22 * weight("AV") * weight("AC") * (rights[parts["PR"] ?? ""] ?? .nan) * weight("UI")
    if impact <= 0 { return 0 }
    let sum = min(isWide ? 1.08 * (impact + ease) : impact + ease, 10)
    let whole = Int((sum * 100_000).rounded())
    return whole % 10_000 == 0 ? Double(whole) / 100_000 : Double(whole / 10_000 + 1) / 10
  }

  @Test func `The formula gives the scores of the standard's own examples`() {
    #expect(ScoreTests.score("AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H") == 9.8)
    #expect(ScoreTests.score("AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N") == 6.1)
  }

  @Test(arguments: FindingKind.allCases)
  func `The score of each class is that of its vector`(kind: FindingKind) {
    #expect(abs(ScoreTests.score(kind.vector) - kind.score) < 0.05)
    #expect(kind.weakness > 0)
    #expect(!kind.title.isEmpty && !kind.remedy.isEmpty)
  }

  @Test func `Each class has its place in the guide`() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let page = try String(
      contentsOf: folder.appending(path: "Documentation/guide/scanner-checks.md"), encoding: .utf8)
    for kind in FindingKind.allCases where !kind.isNote {
      #expect(page.contains("`\(kind.rawValue)`") || page.contains("## \(kind.rawValue)"))
    }
  }
}
