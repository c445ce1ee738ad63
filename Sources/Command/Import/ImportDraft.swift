import Formats

/// A configuration in the making, of services that another product had.
struct ImportDraft {
  /// A policy by name, with its settings.
  struct Policy {
    let name: String
    let settings: JSONValue

    init(_ name: String, _ members: [(String, JSONValue)] = []) {
      self.name = name
      settings = .object(members.map { JSONMember($0.0, $0.1) })
    }
  }

  struct Route {
    var name: String?
    var hosts: [String] = []
    /// Each by its kind, `prefix`, `exact` or `template`.
    var paths: [(kind: String, text: String)] = []
    var methods: [String] = []
    var headers: [(name: String, value: String)] = []
    var stripsPrefix = false
    var policies: [Policy] = []
  }

  struct Service {
    var name: String
    var upstreams: [String] = []
    /// Other keys of the service, such as `timeouts`.
    var more: [(key: String, value: JSONValue)] = []
    var routes: [Route] = []
    var policies: [Policy] = []
  }

  struct Consumer {
    var name: String
    var keyHashes: [String] = []
    var groups: [String] = []
  }

  /// Most services and routes of one file.
  static let countMax = 50_000

  var services: [Service] = []
  var consumers: [Consumer] = []
  private(set) var notes: [ImportNote] = []
  private var names: Set<String> = []

  mutating func note(_ kind: ImportNote.Kind, _ place: String, _ words: String) {
    notes.append(ImportNote(kind: kind, place: place, words: words))
  }

  /// Notes each member that nobody has asked for: nothing is dropped in silence.
  mutating func noteRest(
    of object: JSONObject?, besides known: Set<String>, at place: String
  ) {
    for member in object?.members ?? [] where !known.contains(member.name) {
      note(.left, "\(place).\(member.name)", "has no counterpart")
    }
  }

  /// A name that a service or route may have here, and that no other has.
  mutating func name(_ wanted: String, at place: String) -> String {
    let plain = wanted.unicodeScalars.map { scalar -> Character in
      let isPlain =
        scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
      return isPlain || "._-".unicodeScalars.contains(scalar) ? Character(scalar) : "-"
    }
    let start = String(plain.prefix(48)).isEmpty ? "service" : String(plain.prefix(48))
    var name = start
    var number = 2
    while !names.insert(name).inserted {
      name = "\(start)-\(number)"
      number += 1
    }
    if name != wanted { note(.changed, place, "is called \(name)") }
    return name
  }
}
