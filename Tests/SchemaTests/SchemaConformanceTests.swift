import Formats
import Foundation
import Schema
import Testing

private let conformanceFolder = ProcessInfo.processInfo.environment["GATEHOUSE_CONFORMANCE"]

/// The public suite of schemas, when `GATEHOUSE_CONFORMANCE` names the folder that holds it.
@Suite(.enabled(if: conformanceFolder != nil)) struct SchemaConformanceTests {
  private static func suite() throws -> String {
    try #require(conformanceFolder) + "/json-schema-test-suite"
  }

  private static func read(_ path: String) throws -> JSONValue {
    try JSONValue(parsing: Array(try Data(contentsOf: URL(filePath: path))), limits: .document)
  }

  /// The documents that the suite's references lead to, by address.
  private static func remotes() throws -> [String: JSONValue] {
    let folder = try suite() + "/remotes"
    var documents: [String: JSONValue] = [:]
    for case let name as String in FileManager.default.enumerator(atPath: folder) ?? .init()
    where name.hasSuffix(".json") {
      documents["http://localhost:1234/" + name] = try read(folder + "/" + name)
    }
    return documents
  }

  private static func verdict(_ schema: JSONSchema, _ data: JSONValue) -> Bool {
    let bytes = Array(data.serialized.utf8)
    var tape = JSONTape(limits: .document)
    guard (try? tape.read(bytes.span)) != nil else { return false }
    let isSound = schema.accepts(tape, of: bytes.span)
    let found = schema.violations(tape, of: bytes.span)
    if isSound != found.isEmpty { Issue.record("violations do not agree with the verdict") }
    return isSound
  }

  /// Runs one folder; returns how many tests there are and which failed.
  private static func run(
    _ folder: String, _ dialect: SchemaDialect, formats: Bool = false
  ) throws -> (count: Int, failed: [String]) {
    let path = try suite() + "/tests/" + folder
    var settings = JSONSchema.Settings()
    settings.dialect = dialect
    settings.assertsFormats = formats
    settings.documents = try remotes()
    var count = 0
    var failed: [String] = []
    for name in try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    where name.hasSuffix(".json") {
      for group in try read(path + "/" + name).elements {
        let tests = group["tests"]?.elements ?? []
        count += tests.count
        let title = "\(name): \(group["description"]?.string ?? "")"
        let schema: JSONSchema
        do throws(SchemaFault) {
          schema = try JSONSchema(group["schema"] ?? .null, settings: settings)
        } catch {
          failed += tests.map { _ in "\(title): \(error.reason) at \(error.pointer)" }
          continue
        }
        for test in tests
        where verdict(schema, test["data"] ?? .null) != test["valid"]?.boolean {
          failed.append("\(title): \(test["description"]?.string ?? "")")
        }
      }
    }
    return (count, failed)
  }

  @Test(arguments: [
    ("draft2020-12", SchemaDialect.draft2020, 1299), ("draft7", .draft7, 927),
    ("draft4", .draft4, 618),
  ])
  func `All that the suite requires is judged as it says`(
    folder: String, dialect: SchemaDialect, count: Int
  ) throws {
    let result = try SchemaConformanceTests.run(folder, dialect)
    #expect(result.count == count)
    #expect(result.failed == [])
  }

  /// What is left out of the formats, by file: those that are remarks alone have all that is
  /// refused there, others what `Documentation/decisions/0010-schemas-over-a-tape.md` says.
  private static let formatGaps = [
    "ecmascript-regex.json": 2, "email.json": 5, "hostname.json": 23, "uri-reference.json": 5,
    "uri.json": 4,
  ]

  @Test func `Formats are judged as the suite says, but for the gaps that are named`() throws {
    let result = try SchemaConformanceTests.run(
      "draft2020-12/optional/format", .draft2020, formats: true)
    let remarks = [
      "idn-email", "idn-hostname", "iri", "iri-reference", "relative-json-pointer",
      "uri-template", "unknown",
    ]
    let failed = result.failed.filter { line in !remarks.contains { line.hasPrefix($0 + ".") } }
    let gaps = Dictionary(grouping: failed) { String($0.prefix { $0 != ":" }) }
    #expect(gaps.mapValues(\.count) == SchemaConformanceTests.formatGaps)
    #expect(result.count > 500)
  }

  @Test(arguments: [
    ("draft2020-12", SchemaDialect.draft2020, 17), ("draft7", .draft7, 6), ("draft4", .draft4, 1),
  ])
  func `What is optional is judged so, but for as many as are named`(
    folder: String, dialect: SchemaDialect, gaps: Int
  ) throws {
    let result = try SchemaConformanceTests.run(folder + "/optional", dialect)
    #expect(result.failed.count == gaps)
    #expect(result.count >= 100)
  }
}
