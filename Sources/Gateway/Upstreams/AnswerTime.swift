import Base
import Glibc

/// How long an upstream takes to answer: an average that follows a rise at once and forgets it
/// slowly.
///
/// This is Finagle's "peak EWMA" (Twitter, 2013): an answer that is slower than the average takes
/// its place, one that is faster counts the more, the longer ago the last one was. Without answers
/// the average falls, so that an upstream which is avoided is tried again some time.
struct AnswerTime {
  /// In how many seconds the past counts only e⁻¹ of what it did.
  static let decaySeconds = 10.0

  private var nanoseconds = 0.0
  private var notedAt = Instant(nanoseconds: 0)

  /// Whether nothing is known yet.
  var isUnknown: Bool { nanoseconds == 0 }

  /// Takes an answer into account.
  mutating func note(_ took: UInt64, now: Instant) {
    let fresh = Double(max(took, 1))
    if fresh >= nanoseconds {
      nanoseconds = fresh
    } else {
      let kept = weight(of: notedAt, now)
      nanoseconds = nanoseconds * kept + fresh * (1 - kept)
    }
    notedAt = now
  }

  /// What one more request would have to wait for, in nanoseconds, with so many under way.
  func cost(load: Int, now: Instant) -> Double {
    // Nothing is known of one that has not answered yet: one request finds out, not all of them.
    if isUnknown { return load == 0 ? 0 : Double(load) * 1e12 }
    return nanoseconds * weight(of: notedAt, now) * Double(load + 1)
  }

  private func weight(of moment: Instant, _ now: Instant) -> Double {
    exp(-Double(now.since(moment)) / (AnswerTime.decaySeconds * 1e9))
  }
}
