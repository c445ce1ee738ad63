import Foundation
import Testing

@testable import Command

@Suite struct ScanPlanSchemaTests {
  @Test func `The published schema of a plan has the keys that a plan may have`() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let file = folder.appending(path: "Documentation/schemas/scan-plan.schema.json")
    let root = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any]
    let properties = try #require(root?["properties"] as? [String: Any])
    #expect(Set(properties.keys) == Set(ScanCommand.planKeys))
  }
}
