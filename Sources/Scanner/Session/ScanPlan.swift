import Formats

/// A plan: what a scan is told, in a file instead of options; each option is a key of it.
package struct ScanPlan: Sendable {
  private let root: JSONValue

  /// A plan that says nothing.
  package init() { root = .object([]) }

  /// Reads a plan in YAML or JSON; keys that are none of `keys` are refused with the nearest.
  package init(_ bytes: [UInt8], named name: String, keys: [String]) throws(ScanError) {
    let diagnostics = Diagnostics(file: name)
    guard let root = JSONValue.parse(bytes, into: diagnostics) else {
      throw .description(diagnostics.description)
    }
    guard case .object(let members) = root else { throw .description("\(name) holds no keys") }
    for member in members where !keys.contains(member.name) {
      let nearest = Spelling.nearest(to: member.name, in: keys).map { ", did you mean '\($0)'?" }
      throw .description("\(name): unknown key '\(member.name)'\(nearest ?? "")")
    }
    self.root = root
  }

  /// The value of a key as text; nil if it is not there.
  package func value(_ key: String) -> String? {
    root[key]?.scalarText ?? root[key]?.elements.first?.scalarText
  }

  /// The values of a key.
  package func all(_ key: String) -> [String] {
    if let one = root[key]?.scalarText { return [one] }
    return (root[key]?.elements ?? []).compactMap(\.scalarText)
  }

  /// Whether a key is there and true.
  package func has(_ key: String) -> Bool { root[key]?.isTrue == true }

  /// The values that operations are given, where they stand in the plan itself and not in a file.
  package var values: [UInt8]? {
    guard let values = root["values"], case .object = values else { return nil }
    return Array(values.serialized.utf8)
  }

  /// The identities, where they stand in the plan itself and not in a file.
  package var identities: [UInt8]? {
    guard case .array(let list)? = root["identities"] else { return nil }
    return Array(JSONValue.object([JSONMember("identities", .array(list))]).serialized.utf8)
  }
}
