import Base
import Formats

/// Reads the members of a request's content, and refuses what nobody asked for.
struct AdminBody {
  private let object: JSONObject
  private var known: Set<String> = []

  /// Longest name of a thing, in bytes.
  private static let nameBytesMax = 128
  /// Longest text that is no name, in bytes.
  static let textBytesMax = 1024
  /// Most words of one list.
  private static let wordsMax = 256

  init(_ object: JSONObject) { self.object = object }

  private mutating func value(_ name: String) -> JSONValue? {
    known.insert(name)
    guard let value = object[name], !value.isNull else { return nil }
    return value
  }

  /// What can stand in paths, logs and fields as it is.
  static func isName(_ text: String) -> Bool {
    (1...nameBytesMax).contains(text.utf8.count)
      && text.utf8.allSatisfy {
        ASCII.isAlpha($0) || ASCII.isDigit($0) || "._-@:/+".utf8.contains($0)
      }
  }

  mutating func text(
    _ name: String, bytesMax: Int = AdminBody.textBytesMax
  ) throws(AdminFailure) -> String? {
    guard let value = value(name) else { return nil }
    guard let text = value.string, text.utf8.count <= bytesMax else {
      throw .malformed("'\(name)' is a text of at most \(bytesMax) bytes")
    }
    return text
  }

  mutating func name(_ name: String) throws(AdminFailure) -> String? {
    guard let text = try text(name) else { return nil }
    guard AdminBody.isName(text) else {
      throw .malformed("'\(name)' is 1 to 128 letters, digits and any of ._-@:/+")
    }
    return text
  }

  mutating func requiredName(_ name: String) throws(AdminFailure) -> String {
    guard let found = try self.name(name) else { throw .malformed("'\(name)' is missing") }
    return found
  }

  mutating func requiredText(
    _ name: String, bytesMax: Int = AdminBody.textBytesMax
  ) throws(AdminFailure) -> String {
    guard let found = try text(name, bytesMax: bytesMax) else {
      throw .malformed("'\(name)' is missing")
    }
    return found
  }

  mutating func boolean(_ name: String) throws(AdminFailure) -> Bool? {
    guard let value = value(name) else { return nil }
    guard let truth = value.boolean else { throw .malformed("'\(name)' is true or false") }
    return truth
  }

  /// A list of names, each once, in their order.
  mutating func names(_ name: String) throws(AdminFailure) -> [String]? {
    guard let value = value(name) else { return nil }
    guard case .array(let elements) = value, elements.count <= AdminBody.wordsMax else {
      throw .malformed("'\(name)' is a list of at most \(AdminBody.wordsMax) names")
    }
    var names: [String] = []
    for element in elements {
      guard let text = element.string, AdminBody.isName(text) else {
        throw .malformed("'\(name)' holds names: 1 to 128 letters, digits and any of ._-@:/+")
      }
      if !names.contains(text) { names.append(text) }
    }
    return names
  }

  /// Texts by names, such as what an operator wants to remember.
  mutating func labels(_ name: String) throws(AdminFailure) -> [JSONMember]? {
    guard let value = value(name) else { return nil }
    guard case .object(let object) = value, object.count <= 64 else {
      throw .malformed("'\(name)' is an object of at most 64 texts")
    }
    for member in object.members {
      guard AdminBody.isName(member.name), let text = member.value.string,
        text.utf8.count <= AdminBody.textBytesMax
      else { throw .malformed("'\(name)' holds texts by names") }
    }
    return object.members
  }

  /// A list of objects.
  mutating func objects(_ name: String) throws(AdminFailure) -> [JSONObject]? {
    guard let value = value(name) else { return nil }
    guard case .array(let elements) = value else { throw .malformed("'\(name)' is a list") }
    var objects: [JSONObject] = []
    for element in elements {
      guard case .object(let object) = element else {
        throw .malformed("'\(name)' holds objects")
      }
      objects.append(object)
    }
    return objects
  }

  /// A point of time: RFC 3339, or a duration from now on in a member of that name.
  mutating func time(
    _ name: String, orIn duration: String, now: Int
  ) throws(AdminFailure) -> Int? {
    let (at, length) = (try text(name), try self.duration(duration))
    if at != nil, length != nil { throw .malformed("'\(name)' and '\(duration)' say the same") }
    if let length { return now + length }
    guard let at else { return nil }
    guard let time = Timestamp.milliseconds(at) else {
      throw .malformed("'\(name)' is a time such as 2030-01-31T12:00:00Z")
    }
    guard time > now else { throw .malformed("'\(name)' is in the past") }
    return time
  }

  /// A duration in milliseconds.
  mutating func duration(_ name: String) throws(AdminFailure) -> Int? {
    guard let text = try text(name) else { return nil }
    guard case .value(let length) = Quantity.milliseconds(text) else {
      throw .malformed("'\(name)' is a duration such as 30m, 24h or 90d")
    }
    return length
  }

  /// Whether a member is there, be it null.
  mutating func has(_ name: String) -> Bool {
    known.insert(name)
    return object[name] != nil
  }

  /// Refuses members that nobody asked for, with the nearest one that is known.
  func finish() throws(AdminFailure) {
    for member in object.members where !known.contains(member.name) {
      let near = Spelling.nearest(to: member.name, in: known.sorted())
      throw .malformed(
        "unknown member \(member.name.prefix(64).debugDescription)"
          + (near.map { ", did you mean '\($0)'?" } ?? ""))
    }
  }
}
