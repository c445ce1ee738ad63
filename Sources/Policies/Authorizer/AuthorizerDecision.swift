/// What an authorizer has decided, and what goes with it.
struct AuthorizerDecision: Sendable {
  enum Kind: Sendable {
    case allowed, denied
    /// Whether its answer has a challenge of its own among the client's fields.
    case unknownCaller(isTold: Bool)
    case redirected(status: Int)
  }

  /// A field, its name in lower case.
  struct Field: Sendable {
    let name: [UInt8]
    let value: [UInt8]
  }

  var kind: Kind
  var upstreamFields: [Field] = []
  var clientFields: [Field] = []
  /// Its reason, for the operator's log.
  var detail: [UInt8] = []
}
