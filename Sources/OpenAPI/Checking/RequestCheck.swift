public import Base
public import Formats
public import HTTP
import Schema

/// One request, held against the description of its API.
public struct RequestCheck: ValueCheck {
  /// What is asked of a request beyond what the description says.
  public struct Rules: Sendable {
    /// What is done about operations that are not described.
    public var unknownOperations = UnknownPart.refuse
    /// What is done about parameters of the query that are not described.
    public var unknownParameters = UnknownPart.refuse
    /// What is done about media types that are not described.
    public var unknownTypes = UnknownPart.refuse
    /// What is done about members of content that are not described, where their schema says
    /// nothing of others.
    public var unknownMembers = UnknownPart.allow
    /// Whether operations for which the description asks for credentials need a caller that is
    /// known, and the scopes that the description names.
    public var checksCaller = true

    /// The defaults.
    public init() {}
  }

  /// Most pairs that a query or form may have.
  static let pairsMax = 1024

  let contract: APIContract
  let rules: Rules
  /// What was found, and is a reason to refuse the request.
  public private(set) var violations: [ContractViolation] = []
  /// What was found, and is only to be reported.
  public private(set) var remarks: [ContractViolation] = []
  /// The content without the members that are not described; nil if there are none to leave out.
  public internal(set) var strippedContent: [UInt8]?
  /// The methods of the address, as `Allow` lists them, if the request has none of these.
  public private(set) var allow: String?
  /// Whether there is nothing at the address.
  public private(set) var isUnknown = false
  /// Whether the content's media type is none that the operation takes.
  public private(set) var isUnsupportedType = false
  /// Whether a caller is needed and none is known.
  public private(set) var needsCaller = false
  /// Whether the caller's credentials are not for this operation.
  public private(set) var lacksScope = false
  /// The operations that describe the request.
  private var alternatives: [Int] = []
  private var number = -1
  var captures: [Range<Int>] = []

  /// A check of the request whose path, as the client asked for it, is `path`.
  public init(
    _ contract: APIContract, rules: Rules, _ request: borrowing RequestHead, path: Slice
  ) {
    self.contract = contract
    self.rules = rules
    switch contract.find(request, request.fields[path]) {
    case .nothing:
      isUnknown = true
      add(
        ContractViolation(.operation, "", "unknown", "a path of the API", found: ""),
        rules.unknownOperations)
    case .otherMethods(let methods):
      allow = methods
      add(
        ContractViolation(.operation, "", "unknown", "one of \(methods)", found: ""),
        rules.unknownOperations)
    case .operations(let numbers, let captures):
      alternatives = numbers
      number = numbers[0]
      self.captures = captures
    }
  }

  /// A check of the content alone of a request whose head was found to be that of an operation, by
  /// the number that `soleAlternative` gave.
  public init(_ contract: APIContract, rules: Rules, operation number: Int) {
    self.contract = contract
    self.rules = rules
    alternatives = contract.single[number]
    self.number = number
  }

  /// The number of the operation that describes the request, if there is just one.
  public var soleAlternative: Int? { alternatives.count == 1 ? alternatives[0] : nil }

  /// How many operations describe the request; one of them has to allow it.
  public var alternativeCount: Int { alternatives.count }

  /// Begins anew with another of the operations.
  public mutating func select(_ place: Int) {
    number = alternatives[place]
    violations = []
    remarks = []
    isUnsupportedType = false
    needsCaller = false
    lacksScope = false
    strippedContent = nil
  }

  /// Whether nothing was found.
  public var isSound: Bool { violations.isEmpty }

  /// The operation's name; empty if there is none.
  public var operationName: String { number >= 0 ? contract.operations[number].name : "" }

  var operation: ContractOperation? { number >= 0 ? contract.operations[number] : nil }

  mutating func add(_ violation: ContractViolation) {
    if violations.count < ViolationLimit.all { violations.append(violation) }
  }

  /// Notes a part that is not described.
  mutating func add(_ violation: ContractViolation, _ reaction: UnknownPart) {
    switch reaction {
    case .refuse: add(violation)
    case .report, .strip: if remarks.count < ViolationLimit.all { remarks.append(violation) }
    case .allow: break
    }
  }

  /// Checks all that the head says.
  public mutating func checkHead(
    _ request: borrowing RequestHead, path: Slice, caller: CallerFacts, _ tape: inout JSONTape
  ) {
    guard let operation else { return }
    if operation.needsCaller, rules.checksCaller, !check(operation, caller) { return }
    var queryCount = 0
    for index in operation.parameters.indices {
      let parameter = operation.parameters[index]
      switch parameter.place {
      case .path:
        guard captures.indices.contains(parameter.capture) else { continue }
        let segment = request.fields[path].extracting(captures[parameter.capture])
        check(parameter, QueryPairs.decoded(segment).map { [$0] }, &tape)
      case .header: check(parameter, RequestCheck.header(parameter, request.fields), &tape)
      case .cookie: check(parameter, RequestCheck.cookies(parameter, request), &tape)
      case .query: queryCount += 1
      }
    }
    if queryCount > 0 || !request.query.isEmpty {
      checkQuery(operation, request.fields[request.query], &tape)
    }
    checkType(operation, request)
  }

  /// Whether the caller has shown what the operation asks for.
  private mutating func check(_ operation: ContractOperation, _ caller: CallerFacts) -> Bool {
    guard caller.isKnown else {
      needsCaller = true
      add(
        ContractViolation(.caller, "", "security", "a caller that a policy knows", found: "nobody"))
      return false
    }
    if operation.security.contains(where: { $0.allSatisfy(caller.meets) }) { return true }
    lacksScope = true
    let wanted = operation.security.map { alternative in
      alternative.map { $0.scopes.isEmpty ? $0.scheme : $0.scopes.joined(separator: " ") }
        .joined(separator: " and ")
    }
    add(
      ContractViolation(
        .caller, "", "security", wanted.joined(separator: ", or "), found: "other credentials"))
    return false
  }

  /// The values of a header; one of all lines, as these may be joined (RFC 9110 §5.3).
  static func header(
    _ parameter: ContractParameter, _ fields: borrowing Fields
  ) -> [[UInt8]] {
    var value: [UInt8] = []
    var count = 0
    for index in fields.lines.indices {
      let line = fields.lines[index]
      guard ASCII.equals(fields[line.name], parameter.nameBytes.span) else { continue }
      if count > 0 { value += [UInt8(ascii: ","), 0x20] }
      value += fields.arena[line.value.range]
      count += 1
    }
    return count == 0 ? [] : [value]
  }

  private static func cookies(
    _ parameter: ContractParameter, _ request: borrowing RequestHead
  ) -> [[UInt8]] {
    var found: [[UInt8]] = []
    for index in request.fields.lines.indices {
      let line = request.fields.lines[index]
      guard ASCII.equals(request.fields[line.name], "cookie") else { continue }
      for pair in request.fields.arena[line.value.range].split(separator: UInt8(ascii: ";")) {
        let plain = pair.drop { $0 == 0x20 || $0 == 0x09 }
        guard plain.count > parameter.nameBytes.count,
          plain.starts(with: parameter.nameBytes),
          plain[plain.startIndex + parameter.nameBytes.count] == UInt8(ascii: "=")
        else { continue }
        found.append(Array(plain.dropFirst(parameter.nameBytes.count + 1)))
      }
    }
    return found
  }

  private mutating func checkType(
    _ operation: ContractOperation, _ request: borrowing RequestHead
  ) {
    guard request.hasBody else {
      if operation.needsContent {
        add(ContractViolation(.body, "", "required", "content", found: "none"))
      }
      return
    }
    if operation.contents.isEmpty {
      guard request.framing != .length(0) else { return }
      isUnsupportedType = rules.unknownTypes == .refuse
      return add(
        ContractViolation(.body, "", "unknown", "no content", found: "content"),
        rules.unknownTypes)
    }
    guard let (declared, type) = content(operation, request) else {
      isUnsupportedType = rules.unknownTypes == .refuse
      let types = operation.contents.map { String(decoding: $0.type, as: UTF8.self) }
      return add(
        ContractViolation(
          .header, "content-type", "unknown", types.joined(separator: ", "), found: "another"),
        rules.unknownTypes)
    }
    guard declared.isLookedInto else { return }
    if request.fields.count(.contentEncoding) > 0 {
      isUnsupportedType = true
      return add(
        ContractViolation(
          .header, "content-encoding", "encoding", "content that is not encoded", found: "another"))
    }
    if type?.isUTF8 == false {
      isUnsupportedType = true
      add(ContractViolation(.header, "content-type", "charset", "utf-8", found: "another"))
    }
  }

  /// The content that a request declares, and its type if that says more than the declaration;
  /// nil for one that is not described or declared twice.
  func content(
    _ operation: ContractOperation, _ request: borrowing RequestHead
  ) -> (declared: ContractContent, type: MediaType?)? {
    guard request.fields.count(.contentType) == 1,
      let value = request.fields.value(.contentType)
    else { return nil }
    // Most requests write the type as the description does, and nothing behind it.
    for declared in operation.contents {
      let written = declared.type
      if ASCII.equals(request.fields[value], written.span) { return (declared, nil) }
    }
    guard let type = MediaType(request.fields[value]),
      let declared = ContractContent.best(of: operation.contents, for: type.essence)
    else { return nil }
    return (declared, type)
  }

  /// Whether any of the operations that describe the request takes its content for JSON.
  public func takesJSON(_ request: borrowing RequestHead) -> Bool {
    for place in alternatives
    where content(contract.operations[place], request)?.declared.kind == .json { return true }
    return false
  }

  /// Whether the content has to be seen: it is of a kind that is looked into, in any of the
  /// operations that describe the request.
  public func looksIntoContent(_ request: borrowing RequestHead) -> Bool {
    for place in alternatives {
      let operation = contract.operations[place]
      if content(operation, request)?.declared.isLookedInto == true { return true }
    }
    return false
  }
}
