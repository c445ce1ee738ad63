import Foundation
import OpenAPI
import Testing

private let conformanceFolder = ProcessInfo.processInfo.environment["GATEHOUSE_CONFORMANCE"]

/// Descriptions by others, when `GATEHOUSE_CONFORMANCE` names the folder that holds them.
@Suite(.enabled(if: conformanceFolder != nil)) struct DescriptionConformanceTests {
  private static func files(_ folder: String) throws -> [(name: String, bytes: [UInt8])] {
    let path = try #require(conformanceFolder) + "/openapi/" + folder
    var found: [(name: String, bytes: [UInt8])] = []
    for case let name as String in FileManager.default.enumerator(atPath: path) ?? .init()
    where [".json", ".yaml", ".yml"].contains(where: { name.hasSuffix($0) }) {
      found.append((name, Array(try Data(contentsOf: URL(filePath: path + "/" + name)))))
    }
    return found.sorted { $0.name < $1.name }
  }

  /// The files of a folder that are refused, each with the reason.
  private static func refused(_ folder: String) throws -> [String] {
    var found: [String] = []
    for file in try files(folder) {
      do throws(APIFault) {
        _ = try APIContract(file.bytes)
      } catch {
        found.append("\(file.name): \(error)")
      }
    }
    return found
  }

  @Test func `Descriptions of public APIs are taken, but for one that is incomplete`() throws {
    #expect(
      try DescriptionConformanceTests.refused("real-world")
        == ["ogcapi-features-30.yaml: 1:1: 'paths' is missing"])
  }

  @Test(arguments: ["v3.0", "v3.1", "v3.2"])
  func `What must be sound is taken`(version: String) throws {
    #expect(try DescriptionConformanceTests.refused("oas-schema-tests/\(version)/pass") == [])
  }

  @Test func `Examples are taken, but for those in several documents`() throws {
    let refused = try DescriptionConformanceTests.refused("oas-examples")
    #expect(refused.allSatisfy { $0.contains("petstore-separate/") })
  }

  @Test func `Hostile descriptions are refused or harmless`() throws {
    let refused = try DescriptionConformanceTests.refused("mermade-pass-fail/3.0/malicious")
    #expect(refused.count == 2)
    #expect(refused.allSatisfy { $0.utf8.count < 1000 })
  }
}
