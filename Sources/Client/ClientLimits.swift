/// What a client allows one exchange; a server that is asked may be hostile.
package struct ClientLimits: Hashable, Sendable {
  /// Time to resolve, connect and shake hands.
  package var connectMilliseconds = 5_000
  /// Time from the request's last byte to the response's first.
  package var answerMilliseconds = 15_000
  /// Time for the whole exchange.
  package var wholeMilliseconds = 30_000
  /// Bytes of the response's content, kept in memory.
  package var bodyBytesMax = 4 * 1024 * 1024
  /// Connections to one origin at once, beyond which requests wait: a small server's queue of new
  /// connections holds about as many.
  package var connectionsMax = 8
  /// Connections to one origin that wait for their next request.
  package var idleConnectionsMax = 16
  /// How long they wait: servers close idle connections, and finding that out costs an exchange.
  package var idleMilliseconds = 4_000

  /// The defaults.
  package init() {}
}
