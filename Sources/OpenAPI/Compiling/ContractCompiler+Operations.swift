import Formats
import Schema

/// Operations, their parameters and their contents.
extension ContractCompiler {
  mutating func read(
    _ place: JSONPointer, of item: JSONValue, _ itemPlace: JSONPointer, template: String
  ) throws(APIFault) -> OperationDraft {
    let operation = document.root[place] ?? .null
    let method = place.tokens.last ?? ""
    let identifier = operation["operationId"]?.string
    var draft = OperationDraft(
      place: place, name: identifier ?? "\(method.uppercased()) \(template)",
      identifier: identifier)
    let names = SegmentTemplate.names(template)
    draft.parameters = try parameters(of: operation, place, item, itemPlace, names)
    try readContents(of: operation, place, &draft)
    draft.security = try security(operation, place)
    if settings.coversResponses { draft.responses = try responses(of: operation, place) }
    return draft
  }

  /// The operation's own parameters and those of its path that it does not replace.
  private mutating func parameters(
    of operation: JSONValue, _ place: JSONPointer, _ item: JSONValue, _ itemPlace: JSONPointer,
    _ names: [String]
  ) throws(APIFault) -> [OperationDraft.Parameter] {
    var found: [OperationDraft.Parameter] = []
    for (list, listPlace) in [(operation, place), (item, itemPlace)] {
      guard let value = list["parameters"] else { continue }
      guard case .array(let elements) = value else {
        throw document.fault("'parameters' is no array", listPlace.appending("parameters"))
      }
      var own: [OperationDraft.Parameter] = []
      for number in elements.indices {
        let way = listPlace.appending("parameters").appending("\(number)")
        guard var parameter = try parameter(way) else { continue }
        if own.contains(where: { $0.name == parameter.name && $0.place == parameter.place }) {
          throw document.fault("a second parameter '\(parameter.name)'", way)
        }
        if parameter.place == .path {
          guard let capture = names.firstIndex(of: parameter.name) else {
            remark("no '{\(parameter.name)}' in the path; the parameter is left out", way)
            continue
          }
          parameter.capture = capture
        }
        own.append(parameter)
      }
      found += own.filter { new in
        !found.contains { $0.name == new.name && $0.place == new.place }
      }
    }
    for (capture, name) in names.enumerated()
    where !found.contains(where: { $0.place == .path && $0.name == name }) {
      // Not described: any text that is no more than one segment.
      found.append(
        OperationDraft.Parameter(
          place: .path, name: name, capture: capture, isRequired: true, allowsEmpty: false,
          style: .simple, isExploded: false))
    }
    return found
  }

  /// One parameter; nil for headers that are no parameters (OpenAPI 3.1 §4.8.12.1).
  private mutating func parameter(
    _ written: JSONPointer
  ) throws(APIFault) -> OperationDraft.Parameter? {
    let (value, place) = try document.resolved(written)
    guard let name = value["name"]?.string, !name.isEmpty else {
      throw document.fault("a parameter without a name", place)
    }
    guard let kind = value["in"]?.string.flatMap(ContractParameter.Place.init) else {
      throw document.fault(
        "the parameter '\(name)' is in none of path, query, header and cookie", place)
    }
    if kind == .header, ["accept", "content-type", "authorization"].contains(name.lowercased()) {
      return nil
    }
    let isRequired = value["required"]?.boolean ?? false
    if kind == .path, !isRequired {
      throw document.fault("the path's parameter '\(name)' is not required", place)
    }
    let style = try style(of: value, kind, place)
    var draft = OperationDraft.Parameter(
      place: kind, name: name, isRequired: isRequired,
      allowsEmpty: value["allowEmptyValue"]?.boolean ?? false, style: style,
      isExploded: value["explode"]?.boolean ?? (style == .form || style == .deepObject))
    if value["schema"] != nil {
      draft.schema = number(of: place.appending("schema"))
      draft.shape = ValueShape(value["schema"] ?? .null, in: document)
    } else if let content = value["content"] {
      guard content.members.count == 1, let media = content.members.first else {
        throw document.fault("the parameter '\(name)' has not one content", place)
      }
      draft.isJSON = ContractContent.kind(of: media.name.lowercased()) == .json
      if draft.isJSON, media.value["schema"] != nil {
        draft.schema = number(
          of: place.appending("content").appending(media.name).appending("schema"))
      }
    } else {
      throw document.fault("the parameter '\(name)' has neither a schema nor a content", place)
    }
    return draft
  }

  func style(
    of value: JSONValue, _ kind: ContractParameter.Place, _ place: JSONPointer
  ) throws(APIFault) -> ContractParameter.Style {
    let standard: ContractParameter.Style = kind == .query || kind == .cookie ? .form : .simple
    guard let name = value["style"]?.string else { return standard }
    let allowed: [ContractParameter.Style] =
      switch kind {
      case .path: [.simple, .label, .matrix]
      case .query: [.form, .spaceDelimited, .pipeDelimited, .deepObject]
      case .header: [.simple]
      case .cookie: [.form]
      }
    guard let style = ContractParameter.Style(rawValue: name), allowed.contains(style) else {
      throw document.fault(
        "the style '\(name)' in a \(kind.rawValue)", place.appending("style"))
    }
    return style
  }

  // MARK: Contents

  private mutating func readContents(
    of operation: JSONValue, _ place: JSONPointer, _ draft: inout OperationDraft
  ) throws(APIFault) {
    guard operation["requestBody"] != nil else { return }
    let (body, bodyPlace) = try document.resolved(place.appending("requestBody"))
    guard let content = body["content"], case .object = content else {
      throw document.fault("a request's body without 'content'", bodyPlace)
    }
    draft.needsContent = body["required"]?.boolean ?? false
    draft.contents = contents(of: body, bodyPlace)
  }

  /// What stands below `content`, by media type.
  mutating func contents(of body: JSONValue, _ place: JSONPointer) -> [OperationDraft.Content] {
    var found: [OperationDraft.Content] = []
    for member in body["content"]?.members ?? [] {
      let own = place.appending("content").appending(member.name)
      let type = String(
        decoding: ContractContent.essence(member.name.utf8.span), as: UTF8.self)
      guard type.contains("/") else {
        remark("'\(member.name)' is no media type and is left out", own)
        continue
      }
      var drafted = OperationDraft.Content(type: type, shape: ValueShape(), separators: [])
      let kind = ContractContent.kind(of: type)
      if let schema = member.value["schema"], kind != .other {
        drafted.schema = number(of: own.appending("schema"))
        drafted.shape = ValueShape(schema, in: document)
        drafted.separators = separators(member.value)
        drafted.partTypes = partTypes(member.value)
        if kind == .xml { drafted.xml = xml.number(of: [own.appending("schema")]) }
      }
      if !found.contains(where: { $0.type == type }) { found.append(drafted) }
    }
    return found
  }

  /// Which types parts of a form may have (OpenAPI 3.1 §4.8.15.1).
  private func partTypes(_ media: JSONValue) -> [(name: [UInt8], types: [[UInt8]])] {
    (media["encoding"]?.members ?? []).compactMap { member in
      guard let written = member.value["contentType"]?.string else { return nil }
      let types = written.split(separator: ",").map {
        ContractContent.essence($0.drop { $0 == " " }.utf8.span)
      }
      return (Array(member.name.utf8), types)
    }
  }

  /// Which members of a form have all their elements in one pair (OpenAPI 3.1 §4.8.15.1).
  private func separators(_ media: JSONValue) -> [(name: [UInt8], byte: UInt8)] {
    (media["encoding"]?.members ?? []).compactMap { member in
      let style = member.value["style"]?.string ?? "form"
      guard member.value["explode"]?.boolean == false || style != "form" else { return nil }
      let byte: UInt8 = style == "spaceDelimited" ? 0x20 : style == "pipeDelimited" ? 0x7C : 0x2C
      return (Array(member.name.utf8), byte)
    }
  }

}
