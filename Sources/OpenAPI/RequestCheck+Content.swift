public import Formats
public import HTTP
import Schema

/// The content of a request.
extension RequestCheck {
  /// Checks the content; `checkHead` comes before it.
  public mutating func checkContent(
    _ content: Span<UInt8>, _ request: borrowing RequestHead, _ tape: inout JSONTape
  ) {
    guard let operation, request.hasBody, let declared = self.content(operation, request) else {
      return
    }
    if content.count == 0, !operation.needsContent { return }
    guard declared.schema != nil || declared.kind == .json else { return }
    let encoding = Array("content-encoding".utf8)
    if request.fields.count(named: encoding.span) > 0 {
      return add(
        ContractViolation(
          .header, "content-encoding", "encoding", "content that is not encoded", found: "another"))
    }
    switch declared.kind {
    case .json: checkJSON(content, declared.schema, &tape)
    case .form: checkForm(content, declared, &tape)
    case .other: break
    }
  }

  private mutating func checkJSON(
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
    for item in schema.violations(tape, of: content, max: RequestCheck.violationsMax) {
      add(ContractViolation(.body, item.pointer, item.rule, item.expected, found: item.found))
    }
  }

  private mutating func checkForm(
    _ content: Span<UInt8>, _ declared: ContractContent, _ tape: inout JSONTape
  ) {
    guard let schema = declared.schema else { return }
    var form = FormPairs()
    guard form.read(content) else {
      return add(
        ContractViolation(
          .body, "", "encoding", "at most \(RequestCheck.pairsMax) pairs, percent-encoded",
          found: "other"))
    }
    let members = form.all
    check(schema, .body, "", &tape) {
      TextValue.object(members, declared.shape, declared.separators, asText: $0)
    }
  }
}
