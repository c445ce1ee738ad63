import Base
import Crypto
public import Formats
public import PolicyKit

/// What a consumer's use in a period is called in all gateways.
public enum UsageName {
  /// The hash of a consumer's use in the period that begins at `start`, in milliseconds since 1970.
  ///
  /// A plan is no part of it: who gets another one takes along what was used. `scope` is the name
  /// of a service that counts apart; empty for all others together.
  public static func hash(
    consumer: String, isTrusted: Bool = true, scope: String = "", period: CalendarPeriod,
    start: UInt64
  ) -> KeyDigestWords {
    let text = "usage \(isTrusted) \(consumer.utf8.count) \(consumer) \(period) \(start) \(scope)"
    return SHA256Hasher().hash(text.utf8.span).words
  }
}
