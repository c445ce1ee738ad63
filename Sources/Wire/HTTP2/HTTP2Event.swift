/// What a connection made of the frames that arrived; streams are named by their slots.
public enum HTTP2Event {
  /// All that is there was used, and more is needed.
  case needMore
  /// A head is complete: `readHead`, or `readResponse`, reads it before anything else is done.
  case head(slot: Int)
  /// Content lies in the input at these places; `ends` if it is the last.
  case content(slot: Int, Range<Int>, ends: Bool)
  /// The content is over, and the trailers are read.
  case trailers(slot: Int)
  /// The peer has given the stream up; `lastCode` says why.
  case reset(slot: Int)
  /// The stream broke a rule, and was reset.
  case streamFailed(slot: Int, StaticString)
  /// More may be sent, by one stream or by all.
  case room
  /// The client sends no more requests, or knows that it may not; or the server takes none beyond
  /// `peerServedMax`.
  case leaves
  /// The connection broke a rule: it was told so, and ends.
  case failed(StaticString)
}
