public import Blueprint
import Telemetry

/// What becomes of the trace context of requests.
public struct PlanTrace: Sendable {
  /// Whose context is passed on.
  public let accept: TraceBlueprint.Acceptance
  /// How many of 2⁶⁴ traces that are begun are marked as sampled; nil if none is begun.
  public let sampled: UInt64?
  /// Whether the gateway has spans of its own, since somebody records them.
  public let hasSpans: Bool
  /// What the loops' identifiers of traces are made from.
  public let seeds: (UInt64, UInt64)

  /// The rule of a blueprint; the seeds are random ones.
  public init(
    _ blueprint: TraceBlueprint = TraceBlueprint(), seeds: (UInt64, UInt64) = (0, 0),
    hasSpans: Bool = false
  ) {
    self.hasSpans = hasSpans
    accept = blueprint.accept
    // A share of one does not fit, and is all.
    sampled = blueprint.sample.map { UInt64(exactly: ($0 * 0x1p64).rounded()) ?? .max }
    self.seeds = seeds
  }

  /// A maker of traces for one loop, whose number no other loop has.
  func maker(loop number: Int32) -> TraceMaker {
    TraceMaker(seeds: (seeds.0, seeds.1 &+ UInt64(bitPattern: Int64(number)) &* 2))
  }
}
