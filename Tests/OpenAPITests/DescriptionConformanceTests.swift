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

  @Test(arguments: ["real-world", "oas-examples", "mermade-pass-fail", "oas-schema-tests"])
  func `Look`(folder: String) throws {
    var (good, bad) = (0, 0)
    for file in try DescriptionConformanceTests.files(folder) {
      let begin = Date()
      do throws(APIFault) {
        let contract = try APIContract(file.bytes)
        good += 1
        let time = -begin.timeIntervalSinceNow
        if time > 1 { print("slow: \(file.name) \(time) \(contract.operationCount)") }
        if file.name.contains("fail") { print("taken: \(file.name)") }
      } catch {
        bad += 1
        print("refused: \(folder) \(file.name): \(error)")
      }
    }
    print("\(folder): \(good) taken, \(bad) refused")
  }
}
