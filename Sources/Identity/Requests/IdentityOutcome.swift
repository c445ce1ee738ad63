import Formats
import HTTP
import Storage

/// What a flow has come to.
enum IdentityOutcome: Sendable {
  /// It is over.
  case answer(ServiceResponse)
  /// Something has to be durable first; `then` gets what stood against it, or nil.
  case write([VaultChange], journal: JSONValue?, then: @Sendable (StoreError?) -> IdentityOutcome)

  /// Writes, and answers with `response` if that went well; the store's error is thrown to whoever
  /// runs the flow.
  static func write(
    _ changes: [VaultChange], journal: JSONValue? = nil, answering response: ServiceResponse,
    orElse refuse: @escaping @Sendable (StoreError) -> ServiceResponse
  ) -> IdentityOutcome {
    .write(changes, journal: journal) { error in
      .answer(error.map(refuse) ?? response)
    }
  }
}
