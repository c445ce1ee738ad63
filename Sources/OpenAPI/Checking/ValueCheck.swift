import Base
import Formats
import HTTP
import Schema

/// A check of a message: values that came as text, and contents, against their schemas.
protocol ValueCheck {
  /// Notes a violation.
  mutating func add(_ violation: ContractViolation)
}

/// How many violations of one message are looked for.
enum ViolationLimit {
  static let all = 16
}

extension ValueCheck {
  /// Checks a parameter outside the query, or a response's header; nil where percent-encoding is
  /// broken.
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
  /// taken for a number first and for a text then. Returns the value's text, which the tape then
  /// holds; nil if it is not sound.
  @discardableResult
  mutating func check(
    _ schema: JSONSchema, _ place: ContractViolation.Place, _ name: String,
    _ tape: inout JSONTape, _ json: (_ asText: Bool) -> [UInt8]?
  ) -> [UInt8]? {
    guard let typed = json(false) else {
      add(ContractViolation(place, name, "encoding", "UTF-8 in its form", found: "other"))
      return nil
    }
    if (try? tape.read(typed.span)) != nil, schema.accepts(tape, of: typed.span) { return typed }
    if let plain = json(true), plain != typed, (try? tape.read(plain.span)) != nil,
      schema.accepts(tape, of: plain.span)
    {
      return plain
    }
    check(typed, schema, place, name, &tape)
    return nil
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
    for item in schema.violations(tape, of: text.span, max: ViolationLimit.all) {
      add(
        ContractViolation(
          place, name + item.pointer, item.rule, item.expected, found: item.found))
    }
  }

  /// Checks that content is XML without anything that makes XML dangerous, and what its schema
  /// says; the tape then holds the value that it stands for.
  ///
  /// Returns that value's text; nil if there is no schema, or the content is not sound.
  mutating func checkXML(
    _ content: Span<UInt8>, _ declared: ContractContent, _ tape: inout JSONTape
  ) -> [UInt8]? {
    let tree: XMLTree
    do throws(XMLFault) {
      tree = try XMLTree(content)
    } catch {
      add(
        ContractViolation(
          .body, "", "syntax", "XML", found: "\(error.detail.rawValue), at byte \(error.offset)"))
      return nil
    }
    guard let schema = declared.schema, let (shapes, root) = declared.xml else { return nil }
    do throws(XMLProblem) {
      let typed = try XMLContent.json(tree, shapes, root: root, asText: false)
      if (try? tape.read(typed.span)) != nil, schema.accepts(tape, of: typed.span) { return typed }
      let plain = try XMLContent.json(tree, shapes, root: root, asText: true)
      if plain != typed, (try? tape.read(plain.span)) != nil, schema.accepts(tape, of: plain.span) {
        return plain
      }
      check(typed, schema, .body, "", &tape)
    } catch {
      add(
        ContractViolation(.body, error.pointer, error.rule, error.expected, found: error.found))
    }
    return nil
  }

  /// Holds a JSON content against its schema.
  mutating func checkJSON(
    _ content: Span<UInt8>, _ schema: JSONSchema?, _ tape: inout JSONTape
  ) {
    do throws(JSONFault) {
      try tape.read(content)
    } catch {
      return add(
        ContractViolation(
          .body, "", "syntax", "JSON", found: "\(error), at byte \(error.offset)"))
    }
    guard let schema, !schema.accepts(tape, of: content) else { return }
    for item in schema.violations(tape, of: content, max: ViolationLimit.all) {
      add(ContractViolation(.body, item.pointer, item.rule, item.expected, found: item.found))
    }
  }
}
