import Base
import HTTP

/// The `RateLimit` fields (draft-ietf-httpapi-ratelimit-headers-10 §3), written without a string.
enum LimitFields {
  static func append(
    to fields: inout Fields, name: StaticString, limit: UInt64, windowSeconds: UInt64,
    decision: LimitDecision
  ) {
    let policyName = fields.store("ratelimit-policy")
    let policy = value(&fields, name, limit, ";q=", limit, ";w=", windowSeconds)
    fields.lines.append(FieldLine(name: policyName, value: policy, id: .other))
    let limitName = fields.store("ratelimit")
    let state = value(
      &fields, name, limit, ";r=", decision.remaining, ";t=", decision.seconds)
    fields.lines.append(FieldLine(name: limitName, value: state, id: .other))
  }

  /// The limit's name, such as `"ip-100"`, and two parameters: what tells several limits of one
  /// answer apart (§3 asks for it).
  private static func value(
    _ fields: inout Fields, _ name: StaticString, _ limit: UInt64, _ first: StaticString,
    _ left: UInt64, _ second: StaticString, _ right: UInt64
  ) -> Slice {
    let start = fields.arena.count
    fields.arena.append(UInt8(ascii: "\""))
    _ = fields.store(name)
    fields.arena.append(UInt8(ascii: "-"))
    decimal(limit, &fields.arena)
    fields.arena.append(UInt8(ascii: "\""))
    _ = fields.store(first)
    decimal(left, &fields.arena)
    _ = fields.store(second)
    decimal(right, &fields.arena)
    return Slice(offset: start, count: fields.arena.count - start)
  }

  private static func decimal(_ number: UInt64, _ bytes: inout [UInt8]) {
    var divisor: UInt64 = 1
    while number / divisor >= 10 { divisor *= 10 }
    while divisor > 0 {
      bytes.append(UInt8(truncatingIfNeeded: number / divisor % 10) + 0x30)
      divisor /= 10
    }
  }
}
