/// The 32 bytes of a digest as big-endian words.
public typealias KeyDigestWords = (UInt64, UInt64, UInt64, UInt64)
