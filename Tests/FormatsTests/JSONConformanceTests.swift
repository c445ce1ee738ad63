import Formats
import Foundation
import Testing

private let conformanceFolder = ProcessInfo.processInfo.environment["GATEHOUSE_CONFORMANCE"]

/// The public suite of JSON texts, when `GATEHOUSE_CONFORMANCE` names the folder that holds it.
@Suite(.enabled(if: conformanceFolder != nil)) struct JSONConformanceTests {
  static func texts(_ folder: String = "test_parsing") throws -> [(name: String, bytes: [UInt8])] {
    let path = try #require(conformanceFolder) + "/json-test-suite/" + folder
    return try FileManager.default.contentsOfDirectory(atPath: path).sorted().map { name in
      (name, Array(try Data(contentsOf: URL(filePath: path + "/" + name))))
    }
  }

  private func fault(_ bytes: [UInt8]) -> JSONFault? {
    var tape = JSONTape()
    do throws(JSONFault) {
      try tape.read(bytes.span)
      return nil
    } catch {
      return error
    }
  }

  @Test func `Sound texts are accepted, but for names that come twice`() throws {
    let sound = try JSONConformanceTests.texts().filter { $0.name.hasPrefix("y_") }
    #expect(sound.count == 95)
    var limits = JSONLimits()
    limits.takesRepeatedNames = true
    for text in sound {
      #expect((try? JSONValue(parsing: text.bytes, limits: limits)) != nil, "\(text.name)")
    }
    let refused = sound.filter { fault($0.bytes) != nil }.map(\.name)
    #expect(
      refused == [
        "y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json",
      ])
  }

  @Test func `Wrong texts are refused`() throws {
    let wrong = try JSONConformanceTests.texts().filter { $0.name.hasPrefix("n_") }
    #expect(wrong.count == 188)
    let accepted = wrong.filter { fault($0.bytes) == nil }.map(\.name)
    #expect(accepted == [])
  }

  /// What the RFC leaves open: numbers of any size are numbers, as they were written; what is no
  /// UTF-8, half a character or too deep is refused.
  @Test func `Texts that the RFC leaves open are taken when they are exact`() throws {
    let open = try JSONConformanceTests.texts().filter { $0.name.hasPrefix("i_") }
    #expect(open.count == 35)
    for text in open {
      let isNumber = text.name.hasPrefix("i_number")
      let found = fault(text.bytes)
      #expect((found == nil) == isNumber, "\(text.name): \(found?.description ?? "taken")")
      if text.name.contains("nested") { #expect(found?.detail == .depth) }
    }
  }

  @Test func `Texts that parsers change stay what they are`() throws {
    for text in try JSONConformanceTests.texts("test_transform") {
      guard let value = try? JSONValue(parsing: text.bytes) else {
        let kind = try #require(fault(text.bytes)).kind
        #expect(kind == .duplicateName || kind == .encoding, "\(text.name)")
        continue
      }
      #expect(try JSONValue(parsing: value.serialized) == value, "\(text.name)")
    }
  }
}
