import HTTP

/// How far the head of a request could be read.
enum HeadStep {
  case incomplete
  /// The head is complete, and the exchange is under way or already answered.
  case complete(hasBody: Bool)
  /// The request was refused.
  case refused
}

/// How far content of a request, or a response, could be read and passed on.
enum ReadStep {
  case needMore
  /// The other side takes no more for now.
  case blocked
  case finished
  /// The exchange is over for another reason.
  case over
  /// The response was refused, and the client has got another.
  case refused
  case fault(UpstreamFault)
}
