public import Base
import COpenSSL
public import Crypto
import Synchronization

/// The keys that seal session tickets: one to seal and open, two before it to open alone.
///
/// Tickets hold the secrets of sessions, so whoever has a key can read what was resumed with it.
/// The keys are random, never written anywhere, and replaced by `rotate`, which its owner calls;
/// contexts of several loops, and those of before and after a reload, share one ring.
public final class TicketKeyRing: Sendable {
  /// After how long `rotateIfDue` makes a new key: 8 hours.
  public static let rotationSeconds = 8 * 3_600
  /// After how long a key opens nothing any more: 24 hours.
  public static let lifetimeSeconds = 24 * 3_600
  static let keyCountMax = 3

  /// The algorithm, fetched once: a lookup by name for each ticket would cost more than sealing.
  let cipher: SharedHandle
  private let keys: Mutex<[TicketKey]>

  /// Makes a ring with one random key.
  public init(now: Instant) throws(CryptoError) {
    ERR_clear_error()
    // Safety: the algorithm is owned by this object.
    guard let cipher = unsafe EVP_CIPHER_fetch(nil, "AES-256-CBC", nil) else {
      throw .unavailable("AES-256-CBC")
    }
    unsafe self.cipher = SharedHandle(cipher)
    let first = [try TicketKey(madeAt: now)]
    keys = Mutex(first)
  }

  deinit {
    // Safety: this object owns the algorithm.
    unsafe EVP_CIPHER_free(cipher.pointer)
  }

  /// Makes a new key for sealing; keeps the two before it, unless they are older than a day.
  ///
  /// If it throws, the ring is as it was.
  public func rotate(now: Instant) throws(CryptoError) {
    let key = try TicketKey(madeAt: now)
    keys.withLock { keys in
      keys.insert(key, at: 0)
      keys = keys.prefix(TicketKeyRing.keyCountMax).filter {
        now.since($0.madeAt) < UInt64(TicketKeyRing.lifetimeSeconds) * 1_000_000_000
      }
    }
  }

  /// Rotates if the newest key is eight hours old, and says whether it did. Call it every minute.
  @discardableResult
  public func rotateIfDue(now: Instant) throws(CryptoError) -> Bool {
    let age = keys.withLock { $0.first.map { now.since($0.madeAt) } } ?? .max
    guard age >= UInt64(TicketKeyRing.rotationSeconds) * 1_000_000_000 else { return false }
    try rotate(now: now)
    return true
  }

  /// Takes the keys of this time, derived from a secret that several nodes share: one more for each
  /// eight hours. Idempotent within them; call it every minute, and before the ring is used.
  ///
  /// The key to come opens as well, since no two clocks are the same. Whoever has the secret can
  /// read what was resumed with any of them: it is to be replaced from time to time.
  public func derive(from secret: [UInt8], now: Instant, unixSeconds: Int64) throws(CryptoError) {
    let period = max(0, unixSeconds) / Int64(TicketKeyRing.rotationSeconds)
    if keys.withLock({ $0.first?.period == period }) { return }
    var derived: [TicketKey] = []
    for period in [period, period + 1, period - 1, period - 2] {
      var information = Array("gatehouse session tickets ".utf8)
      for byte in 0..<8 { information.append(UInt8(truncatingIfNeeded: period >> (56 - 8 * byte))) }
      guard
        let bytes = KeyDerivation.hkdf(
          secret: secret, information: information, count: TicketKey.byteCount)
      else { throw .unavailable("HKDF") }
      derived.append(try TicketKey(bytes, period: period, madeAt: now))
    }
    let fresh = derived
    keys.withLock { $0 = fresh }
  }

  /// The key to seal with.
  var newest: TicketKey? { keys.withLock { $0.first } }

  /// The key of that name, and whether it is the newest.
  @unsafe
  func key(named name: UnsafePointer<UInt8>) -> (key: TicketKey, isNewest: Bool)? {
    // The lock's closure cannot take the pointer along, so the keys come out instead.
    let held = keys.withLock { $0 }
    // Safety: the name is valid for 16 bytes by the caller's word.
    for (place, key) in held.enumerated() where unsafe key.isNamed(name) {
      return (key, place == 0)
    }
    return nil
  }
}
