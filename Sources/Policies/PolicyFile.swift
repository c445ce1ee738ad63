import Formats
import PolicyKit

/// A file that a policy's settings name.
struct PolicyFile {
  /// Longest description, schema or list, in bytes.
  static let bytesMax = 64 * 1024 * 1024

  /// The name, as written.
  let name: Text
  let bytes: [UInt8]

  /// Reads the file called `name`; nil if that cannot be done, which is reported.
  init?(_ name: Text?, _ settings: Settings, _ site: PolicySite) {
    guard let name else { return nil }
    switch site.files.read(name.string, bytesMax: PolicyFile.bytesMax) {
    case .bytes(let found): bytes = found
    case .failed(let reason):
      settings.error("\(name.shown) \(reason)", at: name.position)
      return nil
    }
    self.name = name
  }

  /// Reads the file as JSON or YAML; nil if it is neither, which is reported.
  func tree(_ settings: Settings) -> (value: JSONValue, source: Node)? {
    let diagnostics = Diagnostics(file: name.string)
    guard let node = DocumentReader.read(bytes, into: diagnostics), !diagnostics.hasErrors else {
      let first = diagnostics.sorted.first { $0.severity == .error }
      let place = first?.position ?? .start
      settings.error(
        "\(name.shown):\(place.line):\(place.column): \(first?.message ?? "neither JSON nor YAML")",
        at: name.position)
      return nil
    }
    return (JSONValue(node), node)
  }
}
