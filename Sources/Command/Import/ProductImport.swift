import Formats
import PolicyKit
import Runtime

/// `gatehouse import` of another product's file: a configuration that passes `check`, and a report
/// of what became of each part.
struct ProductImport {
  /// The forms that are known.
  static let formats: [any ImportFormat.Type] = [
    KongImport.self, TykImport.self, PostmanImport.self,
  ]

  /// Longest file, in bytes.
  private static let bytesMax = 16 * 1024 * 1024
  /// Most nodes, those that aliases stand for counted each time (ADM-16).
  private static let nodesMax = 1_000_000

  let format: any ImportFormat.Type
  let file: String
  /// Nil for standard output.
  let output: String?
  let replaces: Bool

  func run(in surroundings: Surroundings) -> Int32 {
    do throws(ImportError) {
      let draft = try read()
      let text = ImportedText.text(draft, source: format.name)
      try check(text, surroundings)
      if let output {
        try ProductImport.write(text, to: output, replacing: replaces)
      } else {
        surroundings.print(text)
      }
      surroundings.complain(ImportReport(draft.notes).text)
      return 0
    } catch {
      surroundings.complain("gatehouse: \(ImportReport.plain(error.message))\n")
      return 1
    }
  }

  /// The file as a draft.
  private func read() throws(ImportError) -> ImportDraft {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try SystemFile.read(file, bytesMax: ProductImport.bytesMax)
    } catch {
      throw ImportError("\(file) \(error)")
    }
    return try ProductImport.draft(bytes, file: file, format)
  }

  /// A draft by the bytes of a file, which may be anything.
  static func draft(
    _ bytes: [UInt8], file: String, _ format: any ImportFormat.Type
  ) throws(ImportError) -> ImportDraft {
    let diagnostics = Diagnostics(file: file)
    var reader = YAMLReader()
    reader.limits.nodesMax = nodesMax
    let isJSON = bytes.first { $0 > 0x20 } == UInt8(ascii: "{")
    let node =
      isJSON
      ? JSONDocumentReader().read(bytes, into: diagnostics)
      : reader.read(bytes, into: diagnostics)
    guard let node, !diagnostics.hasErrors else {
      throw ImportError("\(file) cannot be read:\n\(diagnostics.description)")
    }
    var draft = ImportDraft()
    try format.read(JSONValue(node), into: &draft)
    guard !draft.services.isEmpty else {
      throw ImportError("\(file) has no service to carry over\n\(ImportReport(draft.notes).text)")
    }
    let routes = draft.services.reduce(0) { $0 + max(1, $1.routes.count) }
    guard routes <= ImportDraft.countMax else {
      throw ImportError("\(file) has \(routes) routes, more than \(ImportDraft.countMax)")
    }
    return draft
  }

  /// Holds what is going to be written against all that `check` asks for.
  private func check(_ text: String, _ surroundings: Surroundings) throws(ImportError) {
    let (configuration, diagnostics) = ConfigurationFile.load(
      text: Array(text.utf8), path: output ?? "gatehouse.yaml", in: surroundings,
      retained: RetainedState())
    guard configuration == nil else { return }
    throw ImportError("what would be written is not right:\n\(diagnostics.description)")
  }

  private static func write(
    _ text: String, to path: String, replacing: Bool
  ) throws(ImportError) {
    do throws(FileError) {
      // Hashes and secrets may be in it.
      try SystemFile.write(Array(text.utf8), to: path, permissions: 0o600, replacing: replacing)
    } catch {
      throw ImportError("\(path) \(error)")
    }
  }
}
