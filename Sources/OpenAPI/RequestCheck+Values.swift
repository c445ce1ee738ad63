import Base
import Formats
import HTTP
import Schema

/// Parameters: from text to values, and these against their schemas.
extension RequestCheck {
  /// Checks a parameter outside the query; nil where percent-encoding is broken.
  mutating func check(
    _ parameter: ContractParameter, _ values: [[UInt8]]?, _ tape: inout JSONTape
  ) {
    let place = ContractViolation.Place(parameter.place)
    guard let values else {
      return add(
        ContractViolation(place, parameter.name, "encoding", "percent-encoded text", found: "other")
      )
    }
    if values.isEmpty {
      if parameter.isRequired {
        add(ContractViolation(place, parameter.name, "required", "a value", found: "none"))
      }
      return
    }
    let isOneByOne = parameter.shape.isList && parameter.isExploded && parameter.place == .query
    guard values.count == 1 || isOneByOne else {
      return add(
        ContractViolation(place, parameter.name, "duplicate", "one value", found: "several"))
    }
    if values[0].isEmpty, values.count == 1, parameter.allowsEmpty { return }
    guard let schema = parameter.schema else { return }
    if parameter.isJSON { return check(values[0], schema, place, parameter.name, &tape) }
    let text = TextValue(values: values, parameter: parameter)
    check(schema, place, parameter.name, &tape) { text.json(parameter.shape, asText: $0) }
  }

  /// Holds a value that came as text against a schema. What may be a text as well as a number is
  /// taken for a number first and for a text then.
  mutating func check(
    _ schema: JSONSchema, _ place: ContractViolation.Place, _ name: String,
    _ tape: inout JSONTape, _ json: (_ asText: Bool) -> [UInt8]?
  ) {
    guard let typed = json(false) else {
      return add(ContractViolation(place, name, "encoding", "UTF-8 in its form", found: "other"))
    }
    if (try? tape.read(typed.span)) != nil, schema.accepts(tape, of: typed.span) { return }
    if let plain = json(true), plain != typed, (try? tape.read(plain.span)) != nil,
      schema.accepts(tape, of: plain.span)
    {
      return
    }
    check(typed, schema, place, name, &tape)
  }

  /// Holds a JSON text against a schema.
  mutating func check(
    _ text: [UInt8], _ schema: JSONSchema, _ place: ContractViolation.Place, _ name: String,
    _ tape: inout JSONTape
  ) {
    do throws(JSONFault) {
      try tape.read(text.span)
    } catch {
      return add(ContractViolation(place, name, "syntax", "JSON", found: "\(error)"))
    }
    for item in schema.violations(tape, of: text.span, max: RequestCheck.violationsMax) {
      add(
        ContractViolation(
          place, name + item.pointer, item.rule, item.expected, found: item.found))
    }
  }

  // MARK: The query

  mutating func checkQuery(
    _ operation: ContractOperation, _ query: Span<UInt8>, _ tape: inout JSONTape
  ) {
    var form = FormPairs()
    guard form.read(query) else {
      return add(
        ContractViolation(
          .query, "", "encoding", "at most \(RequestCheck.pairsMax) pairs, percent-encoded",
          found: "other"))
    }
    for index in operation.parameters.indices
    where operation.parameters[index].place == .query {
      let parameter = operation.parameters[index]
      if parameter.shape.isObject, parameter.style == .deepObject {
        checkObject(parameter, form.takeMembers(of: parameter.nameBytes), &tape)
      } else if parameter.shape.isObject, parameter.isExploded, !parameter.isJSON {
        checkObject(parameter, form.take(anyOf: parameter.shape.properties.map(\.name)), &tape)
      } else {
        check(parameter, form.take(parameter.nameBytes), &tape)
      }
    }
    guard rules.refusesUnknownParameters else { return }
    for name in form.restNames {
      let known = String(validating: name, as: UTF8.self) ?? ""
      add(ContractViolation(.query, known, "unknown", "a described parameter", found: "another"))
    }
  }

  private mutating func checkObject(
    _ parameter: ContractParameter, _ members: [(name: [UInt8], value: [UInt8])],
    _ tape: inout JSONTape
  ) {
    if members.isEmpty {
      if parameter.isRequired {
        add(ContractViolation(.query, parameter.name, "required", "a value", found: "none"))
      }
      return
    }
    guard let schema = parameter.schema else { return }
    let separators: [(name: [UInt8], byte: UInt8)] = []
    check(schema, .query, parameter.name, &tape) {
      TextValue.object(members, parameter.shape, separators, asText: $0)
    }
  }
}

extension ContractViolation.Place {
  init(_ place: ContractParameter.Place) {
    switch place {
    case .path: self = .path
    case .query: self = .query
    case .header: self = .header
    case .cookie: self = .cookie
    }
  }
}
