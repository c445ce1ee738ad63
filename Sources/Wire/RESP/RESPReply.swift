/// A reply of a store that speaks the Redis protocol (RESP2), as far as the gateway asks for any.
public enum RESPReply: Equatable, Sendable {
  /// `+OK` and the like.
  case status([UInt8])
  /// `-ERR …`: the code and the words.
  case error([UInt8])
  case integer(Int)
  /// A string of bytes; nil for none.
  case bulk([UInt8]?)
  /// A list of numbers; other lists the gateway never asks for.
  case integers([Int])
}
