/// A sum in which what is old counts for less: half, after each half-life.
///
/// Exponential decay (Cormode, Shkapenyuk, Srivastava and Xu, "Forward decay", 2009) of one number,
/// brought up to date when it is looked at.
public struct DecayedCount: Sendable {
  private var amount = 0.0
  private var last: UInt64 = 0

  /// Nothing.
  public init() {}

  /// Adds an amount at a time, in milliseconds, and tells the sum. Time that runs back is taken for
  /// time that stands still.
  @discardableResult
  public mutating func add(_ more: Double, at now: UInt64, halfLife: UInt64) -> Double {
    amount = value(at: now, halfLife: halfLife) + more
    last = max(last, now)
    return amount
  }

  /// The sum at a time.
  public func value(at now: UInt64, halfLife: UInt64) -> Double {
    if amount == 0 || now <= last { return amount }
    return amount * Exponent.exp2(-Double(now - last) / Double(max(1, halfLife)))
  }
}
