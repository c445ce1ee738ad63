import Base
import Formats
import HTTP
import Schema

/// Parameters: from text to values, and these against their schemas.
extension RequestCheck {
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
    guard rules.unknownParameters != .allow else { return }
    for name in form.restNames {
      let known = String(validating: name, as: UTF8.self) ?? ""
      add(
        ContractViolation(.query, known, "unknown", "a described parameter", found: "another"),
        rules.unknownParameters)
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
