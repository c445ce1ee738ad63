import Foundation
import PolicyKit
import Testing

@testable import Policies

@Suite struct PolicyPageTests {
  /// The table of a policy's options, as its page shows it.
  static func table(_ manifest: PolicyManifest) -> String {
    let rows = manifest.options.map {
      "| `\($0.key)` | \($0.type) | \($0.standard) | \($0.summary) |"
    }
    return (["| Option | Type | Default | Meaning |", "|---|---|---|---|"] + rows)
      .joined(separator: "\n")
  }

  @Test(arguments: Catalogue.standard.names)
  func `A policy's page shows its options`(name: String) throws {
    let policy = try #require(Catalogue.standard.policy(name))
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let page = root.appendingPathComponent("Documentation/guide/policies/\(name).md")
    let text = try String(contentsOf: page, encoding: .utf8)
    let start = try #require(text.range(of: "<!-- options -->\n"))
    let end = try #require(text.range(of: "<!-- end -->"))
    let wanted = PolicyPageTests.table(policy.manifest) + "\n"
    if ProcessInfo.processInfo.environment["GATEHOUSE_REGENERATE"] == "1" {
      let made = text.replacingCharacters(in: start.upperBound..<end.lowerBound, with: wanted)
      try made.write(to: page, atomically: true, encoding: .utf8)
    } else {
      #expect(String(text[start.upperBound..<end.lowerBound]) == wanted)
    }
  }
}
