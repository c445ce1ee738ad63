/// Which way messages go, where some members belong to one way alone.
public enum SchemaDirection: Sendable {
  case none, request, response

  /// The word that marks members of messages the other way, which are refused and never required.
  var otherWord: String? {
    switch self {
    case .none: nil
    case .request: "readOnly"
    case .response: "writeOnly"
    }
  }
}
