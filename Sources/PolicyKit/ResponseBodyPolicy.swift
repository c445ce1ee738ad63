/// A policy that decides on an upstream's response with its content, before the client gets a byte.
///
/// The gateway keeps the content within `Limits.bodyBufferBytesMax`. A client that is refused gets
/// a problem in the response's place.
public protocol ResponseBodyPolicy: Policy {
  /// What the policy needs of the response's content; asked once the response's head is there.
  func holdsResponse(of exchange: borrowing Exchange) -> ResponseHold
  /// Decides on the response, once it is whole; the content is empty where there
  /// is none, and where no policy asked for it.
  ///
  /// It may leave another content in `Exchange.newContent`, which goes on in its place.
  func inspectResponse(_ content: Span<UInt8>, of exchange: inout Exchange) -> Verdict
}
