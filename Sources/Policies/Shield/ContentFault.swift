import HTTP

/// Why a request's content cannot be looked at: it is refused, since nobody knows what is in it.
enum ContentFault {
  /// Not what its type says.
  case malformed(String)
  /// Encoded in a way that is not undone here.
  case encoded
  /// Of two types at once: which the upstream goes by, nobody can say.
  case ambiguous
  /// More than is looked at.
  case tooMuch

  var problem: Problem {
    switch self {
    case .malformed, .ambiguous: .malformedRequest
    case .encoded: .unsupportedMediaType
    case .tooMuch: .contentTooLarge
    }
  }

  /// What is wrong, for the log.
  var reason: String {
    switch self {
    case .malformed(let what): "the content is no \(what)"
    case .encoded: "the content is encoded"
    case .ambiguous: "the content has more than one type"
    case .tooMuch: "more parts than are looked at"
    }
  }
}
