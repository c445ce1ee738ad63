/// A policy that decides on a request's content, which is held back until it has.
///
/// The gateway keeps the content whole, within `Limits.bodyBufferBytesMax`, and nothing goes
/// upstream before the last such policy lets it through.
public protocol BodyPolicy: Policy {
  /// Decides on the content, once all of it is there; an empty one if there is none.
  func inspect(_ content: Span<UInt8>, of exchange: inout Exchange) -> Verdict
}
