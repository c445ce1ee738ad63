import Foundation
import OpenAPI
import Testing

private let conformanceFolder = ProcessInfo.processInfo.environment["GATEHOUSE_CONFORMANCE"]

/// All descriptions by others, when `GATEHOUSE_CONFORMANCE` names the folder that holds them: what
/// is refused, and why, stands in `Tests/Conformance/refused-descriptions.txt`; all else is taken.
@Suite(.enabled(if: conformanceFolder != nil)) struct RefusedDescriptionConformanceTests {
  /// Longest line of the file: what is behind is more of a long reason.
  private static let columnsMax = 140

  private static func shown(_ line: String) -> String {
    line.prefix(columnsMax).trimmingCharacters(in: .whitespaces)
  }

  /// How long the largest may take.
  private static let secondsMax = 1.0

  private static func expected() throws -> [String] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Conformance/refused-descriptions.txt")
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
      .filter { !$0.hasPrefix("#") }
  }

  @Test func `Each description is taken, or refused for the reason that is known`() throws {
    let folder = try #require(conformanceFolder) + "/openapi"
    var refused: [String] = []
    var taken = 0
    var slowest = (name: "", duration: Duration.zero)
    for case let name as String in FileManager.default.enumerator(atPath: folder) ?? .init()
    where [".json", ".yaml", ".yml"].contains(where: { name.hasSuffix($0) }) {
      // Schemas of descriptions are none themselves.
      if name.contains("/schema/") || name.contains("/resources/") { continue }
      let bytes = Array(try Data(contentsOf: URL(filePath: folder + "/" + name)))
      let start = ContinuousClock.now
      do throws(APIFault) {
        _ = try APIContract(bytes)
        taken += 1
      } catch {
        refused.append(RefusedDescriptionConformanceTests.shown("\(name): \(error)"))
      }
      let duration = ContinuousClock.now - start
      if duration > slowest.duration { slowest = (name, duration) }
    }
    let wanted = try RefusedDescriptionConformanceTests.expected()
    let missing = Set(wanted).subtracting(refused).sorted()
    let new = Set(refused).subtracting(wanted).sorted()
    #expect(missing.isEmpty, "\(missing.joined(separator: "\n"))")
    #expect(new.isEmpty, "\(new.joined(separator: "\n"))")
    #expect(taken > 300)
    print("descriptions: \(taken) taken, \(refused.count) refused; slowest \(slowest)")
    #if !DEBUG
      #expect(slowest.duration < .seconds(RefusedDescriptionConformanceTests.secondsMax))
    #endif
  }
}
