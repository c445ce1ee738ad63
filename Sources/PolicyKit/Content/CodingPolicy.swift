/// A policy that has the content of responses put into a coding on its way to the client.
public protocol CodingPolicy: Policy {
  /// The coding that a client gets the response in, once its head is there; nil to leave it as it
  /// is. The policy says in the head what the choice hangs on; what the coding changes about the
  /// head is the gateway's to write.
  func coding(for exchange: inout Exchange) -> ResponseCoding?
}
