/// What a connection of the proxy is to send, handed to its loop.
struct InterceptReply: Sendable {
  /// The connection, by its number; 0 ends the loop.
  let number: Int
  let bytes: [UInt8]
}
