import JOSE
import Synchronization

/// What tokens of one policy are verified with: keys that are there, or keys that are fetched.
final class TokenKeys: Sendable {
  private struct Held {
    var generation: UInt32
    var verifier: TokenVerifier
  }

  private let source: KeySetSource?
  private let held: Mutex<Held?>
  private let make: @Sendable ([JSONWebKey]) -> TokenVerifier

  /// Keys that stay as they are.
  init(_ verifier: TokenVerifier) {
    source = nil
    held = Mutex(Held(generation: 0, verifier: verifier))
    make = { _ in verifier }
  }

  /// The keys of `source`, for which `make` makes a verifier whenever they change.
  init(_ source: KeySetSource, _ make: @escaping @Sendable ([JSONWebKey]) -> TokenVerifier) {
    self.source = source
    held = Mutex(nil)
    self.make = make
  }

  /// The document behind the keys, if there is one.
  var document: KeySetSource? { source }

  /// Changes whenever the keys do.
  var generation: UInt32 { source?.generation ?? 0 }

  /// The verifier for the keys that hold now; nil if there are none.
  func verifier(atMilliseconds now: UInt64) -> TokenVerifier? {
    guard let source else { return held.withLock { $0?.verifier } }
    guard let current = source.keys(atMilliseconds: now) else { return nil }
    if let known = held.withLock({ $0 }), known.generation == current.generation {
      return known.verifier
    }
    // Two loops may both make one; that is rare, and cheaper than to wait for each other.
    let verifier = make(current.keys)
    held.withLock { $0 = Held(generation: current.generation, verifier: verifier) }
    return verifier
  }
}
