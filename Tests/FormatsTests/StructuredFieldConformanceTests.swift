import Formats
import Foundation
import Testing

/// The HTTP working group's tests of structured fields, in the folder that CONFORMANCE names.
@Suite struct StructuredFieldConformanceTests {
  private static let root = ProcessInfo.processInfo.environment["GATEHOUSE_CONFORMANCE"]

  private static func cases(below folder: String) throws -> [JSONElement] {
    let place = URL(filePath: try #require(root)).appending(path: folder)
    let files = try FileManager.default.contentsOfDirectory(atPath: place.path).sorted()
      .filter { $0.hasSuffix(".json") }
    return try files.flatMap { file in
      let bytes = [UInt8](try Data(contentsOf: place.appending(path: file)))
      return try JSONIndex(bytes, limits: .document).root.elements
    }
  }

  @Test(.enabled(if: root != nil))
  func `Each field means what the group says, and is written in its one form`() throws {
    var count = 0
    for each in try StructuredFieldConformanceTests.cases(below: "structured-fields") {
      let name = each["name"]?.string ?? ""
      let raw = (each["raw"]?.elements ?? []).compactMap(\.string).joined(separator: ", ")
      let kind = each["header_type"]?.string ?? ""
      let mayFail = each["can_fail"]?.boolean ?? false
      let found = StructuredFieldConformanceTests.read(raw, kind)
      count += 1
      if each["must_fail"]?.boolean ?? false {
        #expect(found == nil, "\(name)")
      } else if let found {
        #expect(found.shape == shape(each["expected"], kind), "\(name)")
        let canonical = each["canonical"]?.elements.compactMap(\.string).joined(separator: ", ")
        #expect(found.text == canonical ?? raw, "\(name)")
      } else {
        #expect(mayFail, "\(name): \(raw)")
      }
    }
    #expect(count > 1000)
  }

  /// What a field is read as, in one text, and how it is written.
  private static func read(_ raw: String, _ kind: String) -> (shape: String, text: String)? {
    let bytes = Array(raw.utf8)
    switch kind {
    case "item":
      guard let item = try? StructuredFieldParser.item(bytes.span) else { return nil }
      return (shape(item), StructuredFieldWriter.text(item) ?? "")
    case "list":
      guard let list = try? StructuredFieldParser.list(bytes.span) else { return nil }
      return ("[\(list.map(shape).joined(separator: ","))]", StructuredFieldWriter.text(list) ?? "")
    default:
      guard let members = try? StructuredFieldParser.dictionary(bytes.span) else { return nil }
      let parts = members.map { "[\($0.key),\(shape($0.value))]" }
      return ("[\(parts.joined(separator: ","))]", StructuredFieldWriter.text(members) ?? "")
    }
  }

  private static func shape(_ member: StructuredMember) -> String {
    switch member {
    case .item(let item): shape(item)
    case .list(let items, let parameters):
      "[[\(items.map(shape).joined(separator: ","))],\(shape(parameters))]"
    }
  }

  private static func shape(_ item: StructuredItem) -> String {
    "[\(shape(item.value)),\(shape(item.parameters))]"
  }

  private static func shape(_ parameters: [StructuredItem.Parameter]) -> String {
    "[\(parameters.map { "[\($0.key),\(shape($0.value))]" }.joined(separator: ","))]"
  }

  private static func shape(_ value: StructuredValue) -> String {
    switch value {
    case .integer(let number): "\(number * 1000)"
    case .decimal(let thousandths): "\(thousandths)"
    case .string(let text): "s\(text)"
    case .token(let text): "token:\(text)"
    case .bytes(let bytes): "binary:\(bytes)"
    case .boolean(let value): "b\(value)"
    case .date(let seconds): "date:\(seconds)"
    case .display(let text): "displaystring:\(text)"
    }
  }

  // MARK: What is expected

  private func shape(_ expected: JSONElement?, _ kind: String) -> String {
    let parts = expected?.elements ?? []
    switch kind {
    case "item": return item(parts)
    case "list": return "[\(parts.map(member).joined(separator: ","))]"
    default:
      let pairs = parts.map(\.elements)
      return "[\(pairs.map { "[\(name($0)),\(member($0[1]))]" }.joined(separator: ","))]"
    }
  }

  private func name(_ pair: [JSONElement]) -> String { pair[0].string ?? "" }

  private func member(_ element: JSONElement) -> String {
    let parts = element.elements
    guard let first = parts.first, first.kind == .array else { return item(parts) }
    let items = first.elements.map { item($0.elements) }
    return "[[\(items.joined(separator: ","))],\(parameters(parts[1]))]"
  }

  private func item(_ parts: [JSONElement]) -> String {
    guard parts.count == 2 else { return "?" }
    return "[\(value(parts[0])),\(parameters(parts[1]))]"
  }

  private func parameters(_ element: JSONElement) -> String {
    let pairs = element.elements.map(\.elements)
    return "[\(pairs.map { "[\(name($0)),\(value($0[1]))]" }.joined(separator: ","))]"
  }

  private func value(_ element: JSONElement) -> String {
    if let text = element.string { return "s\(text)" }
    if let value = element.boolean { return "b\(value)" }
    if let number = element.integer { return "\(number * 1000)" }
    if let number = element.number { return "\(Int((number * 1000).rounded()))" }
    let type = element["__type"]?.string ?? ""
    let value = element["value"]
    let text = value?.string ?? value?.integer.map { "\($0)" } ?? ""
    return type == "binary" ? "binary:\(base32(text))" : "\(type):\(text)"
  }

  /// RFC 4648 §6, with padding.
  private func base32(_ text: String) -> [UInt8] {
    var (bits, count) = (0, 0)
    var bytes: [UInt8] = []
    for letter in text.utf8 where letter != UInt8(ascii: "=") {
      bits = bits << 5 | Int(letter < 0x41 ? letter - 0x32 + 26 : letter - 0x41)
      count += 5
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(bits >> count & 0xFF))
      }
    }
    return bytes
  }
}
