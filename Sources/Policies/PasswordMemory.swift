import Crypto
import PolicyKit

/// Which passwords were right and which were wrong, a short time ago.
///
/// It holds hashes under a key that lives in this process alone, so that nothing in it is good for
/// guessing; and each guess costs the slow way once.
final class PasswordMemory: Sendable {
  /// What is known of a name and a password together.
  enum Finding {
    case right(KnownIdentity)
    case wrong
  }

  private let right: IdentityCache
  private let wrong: IdentityCache
  private let key: MessageAuthenticator?
  private let rightMilliseconds: UInt64
  private let wrongMilliseconds: UInt64

  init(rightMilliseconds: Int, wrongMilliseconds: Int) {
    right = IdentityCache(count: 16_384)
    wrong = IdentityCache(count: 16_384)
    let bytes = (try? SecureRandom.bytes(32)) ?? []
    // Without random bytes nothing is remembered, and everything costs the slow way.
    key = try? MessageAuthenticator(SymmetricKey(bytes), .sha256)
    self.rightMilliseconds = UInt64(rightMilliseconds)
    self.wrongMilliseconds = UInt64(wrongMilliseconds)
  }

  /// What both are found by; nil without a key.
  func digest(_ name: String, _ password: String) -> Digest256? {
    // The count keeps two pairs apart whose texts join to the same.
    let text = "\(name.utf8.count) \(name)\(password)"
    return key.flatMap { Digest256(bytes: $0.code(text.utf8.span).span) }
  }

  func find(_ digest: Digest256, nowMilliseconds now: UInt64) -> Finding? {
    if let known = right.find(digest, stamp: 0, nowMilliseconds: now) {
      return .right(known)
    }
    return wrong.find(digest, stamp: 0, nowMilliseconds: now) == nil ? nil : .wrong
  }

  /// Keeps what came of the slow way; whose a right password is has still to be found out.
  func keep(
    _ answer: PasswordDesk.Answer, of name: String, _ digest: Digest256, nowMilliseconds now: UInt64
  ) {
    switch answer {
    case .right(let groups):
      let owner = Consumer(index: -1, name: name, roles: [], groups: [], isDisabled: false)
      right.keep(
        digest, stamp: 0, expiryMilliseconds: now + rightMilliseconds, nowMilliseconds: now,
        identity: .unresolved(owner, groups: groups))
    case .wrong:
      wrong.keep(
        digest, stamp: 0, expiryMilliseconds: now + wrongMilliseconds, nowMilliseconds: now,
        identity: .nobody)
    }
  }

  /// Notes whose a right password is.
  func replace(_ digest: Digest256, _ identity: KnownIdentity) {
    right.replace(digest, stamp: 0, identity: identity)
  }
}
