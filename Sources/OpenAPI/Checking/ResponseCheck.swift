public import Base
public import Formats
public import HTTP
import Schema

/// One response, held against the description of its API.
public struct ResponseCheck: ValueCheck {
  /// Most members that are left out of one content.
  private static let membersMax = 1024

  private let contract: APIContract
  private let method: Method
  private var alternatives: [Int] = []
  private var number = -1
  /// What was found.
  public private(set) var violations: [ContractViolation] = []
  /// The content without the members that are not described, which then is what the description
  /// allows; nil if that cannot be had.
  public private(set) var strippedContent: [UInt8]?

  /// A check of the response to a request whose path, as the client asked for it, is `path`.
  public init(_ contract: APIContract, _ request: borrowing RequestHead, path: Slice) {
    self.contract = contract
    method = request.method
    if case .operations(let numbers, _) = contract.find(request, request.fields[path]) {
      alternatives = numbers
    }
  }

  /// The operation's name; empty if there is none.
  public var operationName: String { number >= 0 ? contract.operations[number].name : "" }

  /// Whether nothing was found.
  public var isSound: Bool { violations.isEmpty }

  mutating func add(_ violation: ContractViolation) {
    if violations.count < ViolationLimit.all { violations.append(violation) }
  }

  /// Checks the response. Where several operations describe the request, one has to allow it. Of a
  /// request that none describes nothing can be said. `isContentSeen` is whether `content` is that
  /// of the response, and not left out because nobody looks into it.
  public mutating func check(
    _ response: borrowing ResponseHead, _ content: Span<UInt8>, isContentSeen: Bool,
    _ tape: inout JSONTape
  ) {
    var first: ResponseCheck?
    for place in alternatives {
      number = place
      violations = []
      strippedContent = nil
      checkOne(response, content, isContentSeen, &tape)
      if isSound { return }
      first = first ?? self
    }
    if let first { self = first }
  }

  private mutating func checkOne(
    _ response: borrowing ResponseHead, _ content: Span<UInt8>, _ isContentSeen: Bool,
    _ tape: inout JSONTape
  ) {
    let operation = contract.operations[number]
    // What the client has already is not sent again (RFC 9110 §15.4.5).
    if response.status == 304 { return }
    guard let described = operation.response(of: response.status) else {
      return add(
        ContractViolation(
          .status, "", "unknown", "a described status", found: "\(response.status)"))
    }
    for header in described.headers {
      check(header, RequestCheck.header(header, response.fields), &tape)
    }
    if method == .head { return }
    guard content.count > 0 || !isContentSeen else {
      if !described.contents.isEmpty, response.status != 204, response.status != 205 {
        add(ContractViolation(.body, "", "required", "content", found: "none"))
      }
      return
    }
    checkContent(described, response, content, isContentSeen, &tape)
  }

  private mutating func checkContent(
    _ described: ContractResponse, _ response: borrowing ResponseHead, _ content: Span<UInt8>,
    _ isContentSeen: Bool, _ tape: inout JSONTape
  ) {
    if described.contents.isEmpty {
      return add(ContractViolation(.body, "", "unknown", "no content", found: "content"))
    }
    guard let type = MediaType(of: response.fields),
      let declared = ContractContent.best(of: described.contents, for: type.essence)
    else {
      let types = described.contents.map { String(decoding: $0.type, as: UTF8.self) }
      return add(
        ContractViolation(
          .header, "content-type", "unknown", types.joined(separator: ", "), found: "another"))
    }
    guard declared.isLookedInto, isContentSeen else { return }
    guard response.fields.count(.contentEncoding) == 0 else {
      return add(
        ContractViolation(
          .header, "content-encoding", "encoding", "content that is not encoded", found: "another"))
    }
    if declared.kind == .xml { _ = checkXML(content, declared, &tape) }
    guard declared.kind == .json else { return }
    checkJSON(content, declared.schema, &tape)
    guard !isSound, let schema = declared.schema, !tape.isEmpty else { return }
    let found = schema.violations(tape, of: content, max: ResponseCheck.membersMax)
    guard let stripped = found.stripped(tape, content), (try? tape.read(stripped.span)) != nil,
      schema.accepts(tape, of: stripped.span)
    else { return }
    strippedContent = stripped
  }
}
