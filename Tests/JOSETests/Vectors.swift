import Formats
import Foundation

/// The public test vectors, from the folder that GATEHOUSE_CONFORMANCE names.
enum Vectors {
  /// Whether there is such a folder.
  static let areHere = folder != nil

  private static let folder = ProcessInfo.processInfo.environment["GATEHOUSE_CONFORMANCE"]
    .map { URL(fileURLWithPath: $0) }

  /// The JSON of a file below the folder.
  static func json(_ path: String) throws -> JSONElement {
    struct NoVectors: Error {}
    guard let folder else { throw NoVectors() }
    var limits = JSONIndex.Limits()
    limits.bytesMax = 16 << 20
    limits.valuesMax = 1 << 20
    let data = try Data(contentsOf: folder.appendingPathComponent(path))
    return try JSONIndex(Array(data), limits: limits).root
  }

  /// The names of the files in a folder, in order.
  static func files(_ path: String) throws -> [String] {
    guard let folder else { return [] }
    let names = try FileManager.default.contentsOfDirectory(
      atPath: folder.appendingPathComponent(path).path)
    return names.filter { $0.hasSuffix(".json") }.sorted()
  }

  /// Bytes written in hexadecimal.
  static func bytes(hex: String) -> [UInt8] {
    let digits = hex.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map {
      UInt8(digits[$0] << 4 | digits[$0 + 1])
    }
  }
}

extension JSONElement {
  /// The text of a value as it stands in the document, as a document of its own.
  var json: [UInt8] {
    var bytes = Array(index.bytes[range])
    if kind == .string { bytes = [UInt8(ascii: "\"")] + bytes + [UInt8(ascii: "\"")] }
    return bytes
  }
}
