public import Base
public import HTTP

/// Begins traces: writes `traceparent` fields of version 00 (W3C Trace Context §3.2.2).
///
/// The numbers name requests and guard nothing, so that a small generator of one's own will do: it
/// costs no system call. Each loop has one, with seeds that no other has.
public struct TraceMaker: Sendable {
  private var state: UInt64
  private let step: UInt64

  /// A maker of its own sequence for each pair of seeds.
  public init(seeds: (UInt64, UInt64)) {
    state = seeds.0
    step = seeds.1 | 1
  }

  /// Appends the field, and tells what stands in it; `sampled` of 2⁶⁴ traces are marked as sampled,
  /// all of them at the maximum.
  @discardableResult
  public mutating func append(to fields: inout Fields, sampled: UInt64) -> TraceIdentity {
    var trace = TraceIdentity()
    (trace.high, trace.low, trace.span) = (next(), next() | 1, next() | 1)
    trace.isSampled = TraceMaker.isSampled(trace, sampled)
    let name = fields.store("traceparent")
    let start = fields.arena.count
    _ = fields.store("00-")
    TraceMaker.append(trace.high, to: &fields)
    TraceMaker.append(trace.low, to: &fields)
    fields.arena.append(UInt8(ascii: "-"))
    TraceMaker.append(trace.span, to: &fields)
    _ = fields.store(trace.isSampled ? "-01" : "-00")
    let value = Slice(offset: start, count: fields.arena.count - start)
    fields.lines.append(FieldLine(name: name, value: value, id: .traceparent))
    return trace
  }

  /// Puts a span of our own in the place of the parent that a valid field tells, whose value lies
  /// in `place` (§3.3), with the mark of a trace that is sampled or not.
  public mutating func join(
    _ trace: inout TraceIdentity, in fields: inout Fields, at place: Slice
  ) {
    trace.parent = trace.span
    trace.span = next() | 1
    for digit in 0..<16 {
      let nibble = UInt8(truncatingIfNeeded: trace.span >> UInt64(60 - 4 * digit)) & 15
      fields.arena[Int(place.offset) + 36 + digit] = nibble + (nibble < 10 ? 0x30 : 0x57)
    }
    let flags = Int(place.offset) + 54
    let low = (ASCII.hexValue(fields.arena[flags]) ?? 0) & 0xE | (trace.isSampled ? 1 : 0)
    fields.arena[flags] = low + (low < 10 ? 0x30 : 0x57)
  }

  /// Whether a trace is among so many of 2⁶⁴: by the last 56 bits of its identifier, so that
  /// whoever has to decide about it decides alike (W3C Trace Context Level 2 §3.2.2.3).
  public static func isSampled(_ trace: TraceIdentity, _ sampled: UInt64) -> Bool {
    sampled == .max || trace.low & 0xFF_FFFF_FFFF_FFFF >= (UInt64.max - sampled) >> 8
  }

  /// The next of 2⁶⁴ numbers, well mixed (SplitMix64).
  private mutating func next() -> UInt64 {
    state &+= step
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  private static func append(_ word: UInt64, to fields: inout Fields) {
    for place in 0..<16 {
      let nibble = UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * place)) & 15
      fields.arena.append(nibble + (nibble < 10 ? 0x30 : 0x57))
    }
  }
}
