import Base
import HTTP

/// What makes a request, or its answer, a WebSocket's (RFC 6455 §4).
enum WebSocketHandshake {
  /// Whether there is one `Upgrade`, and it names WebSockets alone.
  static func isNamed(in fields: borrowing Fields) -> Bool {
    guard fields.count(.upgrade) == 1, let named = fields.value(.upgrade) else { return false }
    return ASCII.equalsIgnoringCase(fields[named], "websocket")
  }
}
