import Blueprint
import Formats
import Foundation
import Testing

/// What the documents show as a configuration is one.
@Suite struct GuideTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The whole files among the examples of a document: those that have listeners.
  private func examples(_ path: String) throws -> [String] {
    let text = try String(contentsOf: GuideTests.root.appending(path: path), encoding: .utf8)
    return text.components(separatedBy: "```yaml\n").dropFirst()
      .map { $0.components(separatedBy: "```")[0] }
      .filter { $0.hasPrefix("listeners:") || $0.contains("\nlisteners:") }
  }

  @Test(arguments: ["README.md", "Documentation/guide/configuration.md"])
  func `The examples of the documents are read without an error`(path: String) throws {
    let found = try examples(path)
    #expect(!found.isEmpty)
    // The documents leave digests out, and name files that are not here.
    let digest = "sha256:" + String(repeating: "ab", count: 32)
    let interpolation = Interpolation(
      environment: { _ in .found(digest) }, file: { _ in .found(digest) })
    for example in found {
      let text = example.replacing("sha256:…", with: digest)
      let (blueprint, diagnostics) = BlueprintReader(authenticationPolicies: ["api-key"]).read(
        Array(text.utf8), file: path, interpolation: interpolation)
      for diagnostic in diagnostics.sorted { Issue.record("\(diagnostic)") }
      #expect(blueprint != nil)
    }
  }
}
