extension JSONValue {
  /// An object or array whose parts are being made.
  private struct Frame {
    let end: Int
    var name: String?
    var members: [JSONMember] = []
    var elements: [JSONValue] = []
  }

  /// The tree of an element, made without recursion.
  public init(_ element: JSONElement) {
    let index = element.index
    var frames: [Frame] = []
    var place = element.place
    while true {
      let part = JSONElement(index: index, place: place)
      var value: JSONValue
      place += 1
      switch part.kind {
      case .object, .array:
        let end = Int(index.tape.entries[place - 1].next)
        if end > place {
          var frame = Frame(end: end)
          if part.kind == .object {
            frame.name = JSONElement(index: index, place: place).string
            place += 1
          }
          frames.append(frame)
          continue
        }
        value = part.kind == .object ? .object([JSONMember]()) : .array([])
      case .string: value = .string(part.string ?? "")
      case .number: value = part.exactNumber
      case .boolean: value = .boolean(part.boolean ?? false)
      case .null: value = .null
      }
      // Whatever ends here is put into what is around it.
      while let last = frames.indices.last {
        if let name = frames[last].name {
          frames[last].members.append(JSONMember(name, value))
        } else {
          frames[last].elements.append(value)
        }
        if place < frames[last].end {
          if frames[last].name != nil {
            frames[last].name = JSONElement(index: index, place: place).string
            place += 1
          }
          break
        }
        let done = frames.removeLast()
        value = done.name == nil ? .array(done.elements) : .object(done.members)
      }
      if frames.isEmpty {
        self = value
        return
      }
    }
  }
}

extension JSONElement {
  /// A number as it is, exactly.
  var exactNumber: JSONValue {
    if let integer { return .integer(Int(integer)) }
    let bytes = index.bytes
    return .number(JSONNumber(text: bytes.span.extracting(range)))
  }
}
