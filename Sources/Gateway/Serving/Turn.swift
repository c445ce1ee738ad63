import Base
import PolicyKit
import Wire

/// What one exchange is read into and decided by: its messages and the state of their readers.
///
/// Whoever deals with an event gets it `inout` and so has it alone.
struct Turn: ~Copyable {
  var exchange = Exchange()
  var requestParser: RequestParser
  var requestBody: BodyDecoder
  var responseParser: ResponseParser
  var responseBody: BodyDecoder

  init(limits: Limits) {
    requestParser = RequestParser(limits: limits)
    requestBody = BodyDecoder(limits: limits)
    responseParser = ResponseParser(limits: limits)
    responseBody = BodyDecoder(limits: limits, isRequest: false)
  }

  /// Makes it ready for the next request; the readers of the response are made ready by each try.
  mutating func clear() {
    exchange.clear()
    requestParser.reset()
  }
}

/// A turn in a place of its own, which is taken from its `Forwarding` while an event is dealt with.
final class TurnBox {
  var turn: Turn

  init(limits: Limits) { turn = Turn(limits: limits) }
}
