import Formats

/// Values that somebody gave for what operations need: for a name wherever it stands, or for one
/// operation.
package struct GivenValues: Sendable {
  private var everywhere: [String: JSONValue] = [:]
  private var byPlace: [String: [String: JSONValue]] = [:]

  /// Nothing is given.
  package init() {}

  /// Reads names with values, and places such as `POST /orders` with names and values below.
  package init(_ bytes: [UInt8], named name: String) throws(ScanError) {
    let diagnostics = Diagnostics(file: name)
    guard let root = JSONValue.parse(bytes, into: diagnostics) else {
      throw .description(diagnostics.description)
    }
    guard case .object(let members) = root else {
      throw .description("\(name) holds no names with values")
    }
    for member in members {
      guard case .object(let inner) = member.value else {
        everywhere[member.name] = member.value
        continue
      }
      guard member.name.contains(" /") else {
        throw .description("\(name): '\(member.name)' is no place such as 'POST /orders'")
      }
      for value in inner { byPlace[member.name, default: [:]][value.name] = value.value }
    }
  }

  /// The value for a name at a place; nil if none is given.
  func value(_ name: String, at place: String) -> JSONValue? {
    byPlace[place]?[name] ?? everywhere[name]
  }

  /// The places that are named.
  var places: [String] { byPlace.keys.sorted() }
}
