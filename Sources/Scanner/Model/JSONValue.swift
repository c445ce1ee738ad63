import Base
package import Formats

/// A JSON value (RFC 8259); members of an object keep their order.
package indirect enum JSONValue: Hashable, Sendable {
  case null
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([JSONMember])

  /// The value of the first member called `name`; nil for what is no object.
  package subscript(name: String) -> JSONValue? { members.first { $0.name == name }?.value }

  /// The members of an object; none for the others.
  package var members: [JSONMember] {
    if case .object(let members) = self { return members }
    return []
  }

  /// The elements of an array; none for the others.
  package var elements: [JSONValue] {
    if case .array(let elements) = self { return elements }
    return []
  }

  /// The text of a string; nil for the others.
  package var string: String? {
    if case .string(let text) = self { return text }
    return nil
  }

  /// The number as a whole one; nil for the others.
  package var integer: Int? {
    if case .integer(let number) = self { return number }
    return nil
  }

  /// A string, a number or a truth value as one writes it into a path; nil for the others.
  package var scalarText: String? {
    switch self {
    case .string(let text): text
    case .integer(let number): "\(number)"
    case .number(let number): "\(number)"
    case .boolean(let value): "\(value)"
    default: nil
    }
  }

  package var isTrue: Bool { self == .boolean(true) }

  /// All strings and numbers in it, with the name of the member that each stands in.
  package var leaves: [(name: String, value: JSONValue)] {
    var found: [(name: String, value: JSONValue)] = []
    collect("", into: &found)
    return found
  }

  private func collect(_ name: String, into found: inout [(name: String, value: JSONValue)]) {
    switch self {
    case .object(let members):
      for member in members { member.value.collect(member.name, into: &found) }
    case .array(let elements): for element in elements { element.collect(name, into: &found) }
    case .null: break
    default: found.append((name, self))
    }
  }

  /// The strings, numbers and truth values in objects within objects, with dotted names.
  var dotted: [JSONMember] {
    members.flatMap { member -> [JSONMember] in
      if member.value.members.isEmpty { return [member] }
      return member.value.dotted.map { JSONMember(member.name + "." + $0.name, $0.value) }
    }
  }

  /// The value at a dotted name.
  subscript(dotted name: String) -> JSONValue? {
    value(at: name.split(separator: ".").map(String.init))
  }

  /// This object with the member at a dotted name set.
  func setting(dotted name: String, _ value: JSONValue) -> JSONValue {
    setting(path: name.split(separator: ".").map(String.init), value)
  }

  /// All objects in it, itself included, outer ones first.
  package var objects: [JSONValue] {
    switch self {
    case .object(let members): [self] + members.flatMap { $0.value.objects }
    case .array(let elements): elements.flatMap(\.objects)
    default: []
    }
  }

  /// This object with `name` set to `value`.
  package func setting(_ name: String, _ value: JSONValue) -> JSONValue {
    var members = members
    if let place = members.firstIndex(where: { $0.name == name }) {
      members[place] = JSONMember(name, value)
    } else {
      members.append(JSONMember(name, value))
    }
    return .object(members)
  }

  /// This object with the member at the end of `path` set to `value`.
  package func setting(path: [String], _ value: JSONValue) -> JSONValue {
    guard let first = path.first else { return value }
    if path.count == 1 { return setting(first, value) }
    let rest = Array(path.dropFirst())
    if case .array(let elements) = self {
      return .array(elements.map { $0.setting(path: path, value) })
    }
    guard case .array(let elements)? = self[first] else {
      return setting(first, (self[first] ?? .object([])).setting(path: rest, value))
    }
    return setting(first, .array(elements.map { $0.setting(path: rest, value) }))
  }

  /// The value at the end of `path`, through the first element of arrays.
  package func value(at path: [String]) -> JSONValue? {
    guard let first = path.first else { return self }
    if case .array(let elements) = self { return elements.first?.value(at: path) }
    return self[first]?.value(at: Array(path.dropFirst()))
  }

  /// The value as JSON text.
  package var serialized: String {
    var json = JSONWriter()
    write(to: &json)
    let buffer = json.take()
    return String(decoding: buffer.storage[buffer.readIndex..<buffer.writeIndex], as: UTF8.self)
  }

  /// Appends the value to a writer.
  package func write(to json: inout JSONWriter) {
    switch self {
    case .null: json.null()
    case .boolean(let value): json.boolean(value)
    case .integer(let number): json.integer(number)
    case .number(let number): json.number(number)
    case .string(let text): json.string(text)
    case .array(let elements):
      json.beginArray()
      for element in elements { element.write(to: &json) }
      json.endArray()
    case .object(let members):
      json.beginObject()
      for member in members {
        json.key(escaping: member.name)
        member.value.write(to: &json)
      }
      json.endObject()
    }
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByDictionaryLiteral,
  ExpressibleByArrayLiteral
{
  package init(stringLiteral value: String) { self = .string(value) }
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(elements.map { JSONMember($0.0, $0.1) })
  }
  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
}
