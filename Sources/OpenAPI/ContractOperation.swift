/// One operation of an API, compiled.
final class ContractOperation: Sendable {
  /// `operationId`, or method and path.
  let name: String
  let parameters: [ContractParameter]
  let contents: [ContractContent]
  let needsContent: Bool
  /// Whether the description asks for credentials.
  let needsCaller: Bool

  init(
    name: String, parameters: [ContractParameter], contents: [ContractContent],
    needsContent: Bool, needsCaller: Bool
  ) {
    self.name = name
    self.parameters = parameters
    self.contents = contents
    self.needsContent = needsContent
    self.needsCaller = needsCaller
  }

  /// The content that a media type is declared as; the most exact one.
  func content(of essence: [UInt8]) -> ContractContent? {
    var best: ContractContent?
    var fit = 0
    for content in contents where content.fit(essence) > fit {
      best = content
      fit = content.fit(essence)
    }
    return best
  }
}
