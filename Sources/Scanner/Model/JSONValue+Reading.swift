import Formats

extension JSONValue {
  /// What an API sends may be large and wrong: it is bounded, and read as far as it is JSON.
  private static let limits: JSONIndex.Limits = {
    var limits = JSONIndex.Limits()
    limits.bytesMax = 64 * 1024 * 1024
    limits.valuesMax = 400_000
    limits.depthMax = 64
    limits.takesRepeatedNames = true
    return limits
  }()

  /// The one value in `bytes`; nil if they are no JSON.
  static func read(_ bytes: [UInt8]) -> JSONValue? {
    (try? JSONIndex(bytes, limits: limits)).map { JSONValue($0.root) }
  }

  /// The value of an element, and all that is in it; the index has bounded how deep that is.
  private init(_ element: JSONElement) {
    switch element.kind {
    case .object:
      self = .object(element.members.map { JSONMember($0.name, JSONValue($0.value)) })
    case .array: self = .array(element.elements.map { JSONValue($0) })
    case .string: self = .string(element.string ?? "")
    case .boolean: self = .boolean(element.boolean ?? false)
    case .null: self = .null
    case .number:
      if let whole = element.integer {
        self = .integer(Int(whole))
      } else {
        // A number beyond every double is at least told as what it says.
        self =
          element.number.map { .number($0) }
          ?? .string(String(decoding: element.index.bytes[element.range], as: UTF8.self))
      }
    }
  }
}
