import Formats

/// Follows references (`$ref`, RFC 6901 pointers) within a document and into files beside it.
///
/// Files are looked for in the description's own folder and below, nowhere else.
struct ReferenceReader {
  private static let filesMax = 200
  private static let depthMax = 16

  private let root: JSONValue
  private let neighbour: @Sendable (String) -> [UInt8]?
  private var files: [String: JSONValue] = [:]
  private(set) var failures: [String] = []

  init(_ root: JSONValue, _ neighbour: @escaping @Sendable (String) -> [UInt8]?) {
    self.root = root
    self.neighbour = neighbour
  }

  /// The value that a reference leads to; what leads nowhere is an empty object.
  mutating func resolve(_ value: JSONValue) -> JSONValue {
    var value = value
    for _ in 0..<ReferenceReader.depthMax {
      guard let reference = value["$ref"]?.string else { return value }
      value = target(of: reference) ?? .object([])
    }
    return .object([])
  }

  private mutating func target(of reference: String) -> JSONValue? {
    let parts = reference.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    let (file, pointer) = (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
    guard var found = file.isEmpty ? root : document(file) else {
      fail(reference)
      return nil
    }
    for part in pointer.split(separator: "/") {
      let name = HARImport.decode(
        String(part).replacing("~1", with: "/").replacing("~0", with: "~"))
      let next =
        found[name]
        ?? Int(name).flatMap { place in
          found.elements.indices.contains(place) ? found.elements[place] : nil
        }
      guard let next else {
        fail(reference)
        return nil
      }
      found = next
    }
    return found
  }

  private mutating func fail(_ reference: String) {
    let text = "the reference '\(reference)' leads nowhere and is taken as anything"
    if !failures.contains(text), failures.count < 100 { failures.append(text) }
  }

  /// A file beside the description, its own references made to lead on from there.
  private mutating func document(_ name: String) -> JSONValue? {
    if let known = files[name] { return known }
    guard files.count < ReferenceReader.filesMax, let path = ReferenceReader.normal(name),
      let bytes = neighbour(path), let value = JSONValue.parse(bytes, into: Diagnostics(file: path))
    else { return nil }
    let folder = path.split(separator: "/").dropLast().joined(separator: "/")
    let rebased = ReferenceReader.rebase(value, path, folder, depth: 0)
    files[name] = rebased
    return rebased
  }

  /// A path without `.` and `..`; nil if it leads out of the folder.
  private static func normal(_ path: String) -> String? {
    guard !path.contains("://"), !path.hasPrefix("/"), !path.contains("\\") else { return nil }
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == ".." {
        guard parts.popLast() != nil else { return nil }
      } else {
        parts.append(part)
      }
    }
    return parts.joined(separator: "/")
  }

  private static func rebase(
    _ value: JSONValue, _ file: String, _ folder: String, depth: Int
  ) -> JSONValue {
    guard depth < 64 else { return value }
    switch value {
    case .object(let members):
      return .object(
        members.map { member in
          guard member.name == "$ref", let text = member.value.string else {
            return JSONMember(member.name, rebase(member.value, file, folder, depth: depth + 1))
          }
          if text.hasPrefix("#") { return JSONMember("$ref", .string(file + text)) }
          let target = folder.isEmpty || text.contains("://") ? text : folder + "/" + text
          return JSONMember("$ref", .string(target))
        })
    case .array(let elements):
      return .array(elements.map { rebase($0, file, folder, depth: depth + 1) })
    default: return value
    }
  }
}
