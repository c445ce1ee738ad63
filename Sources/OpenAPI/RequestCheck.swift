public import Base
public import Formats
public import HTTP
import Schema

/// One request, held against the description of its API.
public struct RequestCheck {
  /// What is asked of a request beyond what the description says.
  public struct Rules: Sendable {
    /// Whether parameters of the query that are not described are violations.
    public var refusesUnknownParameters = true
    /// Whether operations for which the description asks for credentials need a caller that is
    /// known.
    public var checksCaller = true

    /// The defaults.
    public init() {}
  }

  /// Most pairs that a query or form may have.
  static let pairsMax = 1024
  /// Most violations that are looked for.
  static let violationsMax = 16

  let contract: APIContract
  let rules: Rules
  /// What was found.
  public private(set) var violations: [ContractViolation] = []
  /// The methods of the address, as `Allow` lists them, if the request has none of these.
  public private(set) var allow: String?
  /// Whether there is nothing at the address.
  public private(set) var isUnknown = false
  /// Whether the content's media type is none that the operation takes.
  public private(set) var isUnsupportedType = false
  /// Whether a caller is needed and none is known.
  public private(set) var needsCaller = false
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
      add(ContractViolation(.operation, "", "unknown", "a path of the API", found: ""))
    case .otherMethods(let methods):
      allow = methods
      add(ContractViolation(.operation, "", "unknown", "one of \(methods)", found: ""))
    case .operations(let numbers, let captures):
      alternatives = numbers
      number = numbers[0]
      self.captures = captures
    }
  }

  /// How many operations describe the request; one of them has to allow it.
  public var alternativeCount: Int { alternatives.count }

  /// Begins anew with another of the operations.
  public mutating func select(_ place: Int) {
    number = alternatives[place]
    violations = []
    isUnsupportedType = false
    needsCaller = false
  }

  /// Whether nothing was found.
  public var isSound: Bool { violations.isEmpty }

  /// The operation's name; empty if there is none.
  public var operationName: String { number >= 0 ? contract.operations[number].name : "" }

  var operation: ContractOperation? { number >= 0 ? contract.operations[number] : nil }

  mutating func add(_ violation: ContractViolation) {
    if violations.count < RequestCheck.violationsMax { violations.append(violation) }
  }

  /// Checks all that the head says; `isKnown` is whether a policy knows who calls.
  public mutating func checkHead(
    _ request: borrowing RequestHead, path: Slice, isKnown: Bool, _ tape: inout JSONTape
  ) {
    guard let operation else { return }
    if operation.needsCaller, rules.checksCaller, !isKnown {
      needsCaller = true
      add(
        ContractViolation(.caller, "", "security", "a caller that a policy knows", found: "nobody"))
      return
    }
    var queryCount = 0
    for index in operation.parameters.indices {
      let parameter = operation.parameters[index]
      switch parameter.place {
      case .path:
        guard captures.indices.contains(parameter.capture) else { continue }
        let segment = request.fields[path].extracting(captures[parameter.capture])
        check(parameter, QueryPairs.decoded(segment).map { [$0] }, &tape)
      case .header: check(parameter, RequestCheck.header(parameter, request), &tape)
      case .cookie: check(parameter, RequestCheck.cookies(parameter, request), &tape)
      case .query: queryCount += 1
      }
    }
    if queryCount > 0 || !request.query.isEmpty {
      checkQuery(operation, request.fields[request.query], &tape)
    }
    checkType(operation, request)
  }

  /// The values of a header; one of all lines, as these may be joined (RFC 9110 §5.3).
  private static func header(
    _ parameter: ContractParameter, _ request: borrowing RequestHead
  ) -> [[UInt8]] {
    var value: [UInt8] = []
    var count = 0
    for index in request.fields.lines.indices {
      let line = request.fields.lines[index]
      guard ASCII.equals(request.fields[line.name], parameter.nameBytes.span) else { continue }
      if count > 0 { value += [UInt8(ascii: ","), 0x20] }
      value += request.fields.arena[line.value.range]
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
      isUnsupportedType = true
      return add(ContractViolation(.body, "", "unknown", "no content", found: "content"))
    }
    guard content(operation, request) != nil else {
      isUnsupportedType = true
      let types = operation.contents.map { String(decoding: $0.type, as: UTF8.self) }
      return add(
        ContractViolation(
          .header, "content-type", "unknown", types.joined(separator: ", "), found: "another"))
    }
  }

  /// The content that a request declares; nil for one that is not described or declared twice.
  func content(
    _ operation: ContractOperation, _ request: borrowing RequestHead
  ) -> ContractContent? {
    let name = Array("content-type".utf8)
    guard request.fields.count(named: name.span) == 1,
      let value = request.fields.value(named: name.span)
    else { return nil }
    return operation.content(of: ContractContent.essence(request.fields[value]))
  }
}
