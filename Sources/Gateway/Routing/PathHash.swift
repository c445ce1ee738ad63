import Base

/// A seeded hash over bytes, extended one byte at a time; equality is always checked by bytes too.
struct PathHash {
  private(set) var value: UInt64

  init(seed: UInt64) { value = seed ^ 0xCBF2_9CE4_8422_2325 }

  @inline(__always)
  mutating func add(_ byte: UInt8) {
    value = (value ^ UInt64(byte)) &* 0x9E37_79B9_7F4A_7C15
    value ^= value >> 29
  }

  mutating func add(_ bytes: Span<UInt8>) { for index in bytes.indices { add(bytes[index]) } }
}
