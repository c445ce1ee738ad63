import Runtime

/// What a client's thread is told by others.
enum ClientMessage: Sendable {
  case send(ClientRequest, CheckedContinuation<Result<ClientResponse, ClientError>, Never>)
  case resolved(number: Int, Result<ResolverAnswer, ResolverError>)
  case close
}
