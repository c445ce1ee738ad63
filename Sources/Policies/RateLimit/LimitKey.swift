import Base

/// A 128-bit seeded hash of whom a limit counts.
struct LimitKey: Hashable {
  let high: UInt64
  let low: UInt64
}
