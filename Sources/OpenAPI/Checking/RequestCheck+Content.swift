public import Formats
public import HTTP
import Schema

/// The content of a request.
extension RequestCheck {
  /// Most members that are left out of one content.
  static let membersMax = 1024

  /// Checks the content; `checkHead` comes before it.
  public mutating func checkContent(
    _ content: Span<UInt8>, _ request: borrowing RequestHead, _ tape: inout JSONTape
  ) {
    guard let operation, request.hasBody,
      let (declared, type) = self.content(operation, request)
    else { return }
    if content.count == 0, !operation.needsContent { return }
    guard declared.isLookedInto else { return }
    switch declared.kind {
    case .json:
      checkJSON(content, declared.schema, &tape)
      if let closed = declared.closedSchema, isSound { checkMembers(content, closed, &tape) }
    case .form: checkForm(content, declared, &tape)
    case .multipart:
      checkMultipart(content, declared, type?.parameter("boundary"), &tape)
    case .xml:
      checkMembers(of: checkXML(content, declared, &tape), declared, &tape)
    case .other: break
    }
  }

  /// Looks for members that are not described; `tape` was read from `content`.
  private mutating func checkMembers(
    _ content: Span<UInt8>, _ closed: JSONSchema, _ tape: inout JSONTape, canBeLeftOut: Bool = true
  ) {
    if closed.accepts(tape, of: content) { return }
    let found = closed.violations(tape, of: content, max: RequestCheck.membersMax)
    for item in found.prefix(ViolationLimit.all) {
      add(
        ContractViolation(.body, item.pointer, item.rule, item.expected, found: item.found),
        rules.unknownMembers)
    }
    guard rules.unknownMembers == .strip else { return }
    guard canBeLeftOut, let stripped = found.stripped(tape, content),
      (try? tape.read(stripped.span)) != nil,
      closed.accepts(tape, of: stripped.span)
    else {
      return add(
        ContractViolation(
          .body, "", "unknown", "described members alone", found: "others, which cannot be left out"
        ))
    }
    strippedContent = stripped
  }

  /// Looks for members that are not described in a value that came in another form than JSON, where
  /// none can be left out.
  mutating func checkMembers(
    of value: [UInt8]?, _ declared: ContractContent, _ tape: inout JSONTape
  ) {
    guard let value, let closed = declared.closedSchema, isSound else { return }
    checkMembers(value.span, closed, &tape, canBeLeftOut: false)
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
    let value = check(schema, .body, "", &tape) {
      TextValue.object(members, declared.shape, declared.separators, asText: $0)
    }
    checkMembers(of: value, declared, &tape)
  }
}
