/// One operation of an API, compiled.
final class ContractOperation: Sendable {
  /// `operationId`, or method and path.
  let name: String
  let parameters: [ContractParameter]
  let contents: [ContractContent]
  let needsContent: Bool
  /// What the description asks of callers: any of these, and all that is in it.
  let security: [[SecurityNeed]]
  /// The responses that are described; nil if they are not checked.
  let responses: [ContractResponse]?

  init(
    name: String, parameters: [ContractParameter], contents: [ContractContent],
    needsContent: Bool, security: [[SecurityNeed]], responses: [ContractResponse]?
  ) {
    self.name = name
    self.parameters = parameters
    self.contents = contents
    self.needsContent = needsContent
    self.security = security
    self.responses = responses
  }

  /// Whether the description asks for credentials: no alternative does without.
  var needsCaller: Bool { !security.isEmpty && security.allSatisfy { !$0.isEmpty } }

  /// The response that a status is described by: the most exact (OpenAPI 3.1 §4.8.16).
  func response(of status: Int) -> ContractResponse? {
    responses?.first { $0.status == .exactly(status) }
      ?? responses?.first { $0.status == .hundred(status / 100) }
      ?? responses?.first { $0.status == .any }
  }
}
