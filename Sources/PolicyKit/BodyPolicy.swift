/// A policy that decides on a request's content, which is held back until it has.
///
/// The gateway keeps the content whole, within `Limits.bodyBufferBytesMax`, and nothing goes
/// upstream before the last such policy lets it through.
public protocol BodyPolicy: Policy {
  /// Whether the content is to be held; asked once the head has passed all policies.
  func holdsContent(of exchange: borrowing Exchange) -> Bool
  /// Decides on the content, once all of it is there; an empty one if there is none.
  ///
  /// It may leave another content in `Exchange.newContent`, which goes on in its place.
  func inspect(_ content: Span<UInt8>, of exchange: inout Exchange) -> Verdict
}

extension BodyPolicy {
  /// The content is held.
  public func holdsContent(of exchange: borrowing Exchange) -> Bool { true }
}
