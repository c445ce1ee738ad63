public import Base
public import HTTP
import Synchronization

/// A response that is kept, with what decides for whom and how long it may be used; never changed.
public final class CachedResponse: Sendable {
  /// A field of requests that it is told apart by, and the value of the request that it answered.
  public struct Selector: Hashable, Sendable {
    /// The field's name, in lower case.
    public let name: [UInt8]
    /// Nil if there was no such field.
    public let value: [UInt8]?
  }

  /// What it is an answer to.
  public let key: CacheKey
  /// The status code.
  public let status: Int
  /// The fields as the upstream sent them, without those about connection and length.
  public let fields: Fields
  public let content: [UInt8]
  public let selectors: [Selector]
  /// Whose it is; nil for everybody's.
  public let consumer: [UInt8]?
  /// Whether those with credentials get it as well (RFC 9111 §3.5).
  public let isForAll: Bool
  public let control: CacheControl
  /// How long it is fresh from its making on, in seconds (RFC 9111 §4.2.1).
  public let lifetimeSeconds: Int
  /// Its age when it came, in seconds (RFC 9111 §4.2.3).
  let initialAgeSeconds: Int
  let receivedAt: Instant
  /// What it costs to keep it, in bytes.
  let cost: Int
  /// Whether it was used since the hand of the clock came by.
  let isUsed = Atomic<Bool>(false)
  /// Whether it is out of the cache.
  let isGone = Atomic<Bool>(false)

  /// Beside content and fields: the objects that hold them.
  private static let overheadBytes = 600

  init(
    key: CacheKey, status: Int, fields: Fields, content: [UInt8], selectors: [Selector],
    consumer: [UInt8]?, isForAll: Bool, control: CacheControl, lifetimeSeconds: Int,
    initialAgeSeconds: Int, receivedAt: Instant
  ) {
    self.key = key
    self.status = status
    self.fields = fields
    self.content = content
    self.selectors = selectors
    self.consumer = consumer
    self.isForAll = isForAll
    self.control = control
    self.lifetimeSeconds = lifetimeSeconds
    self.initialAgeSeconds = initialAgeSeconds
    self.receivedAt = receivedAt
    cost =
      CachedResponse.overheadBytes + content.count + fields.arena.count + 2 * key.bytes.count
      + fields.lines.count * MemoryLayout<FieldLine>.stride
      + selectors.reduce(0) { $0 + $1.name.count + ($1.value?.count ?? 0) + 64 }
  }

  /// Its age, in seconds (RFC 9111 §4.2.3).
  public func age(at now: Instant) -> Int {
    initialAgeSeconds + Int(now.since(receivedAt) / 1_000_000_000)
  }

  /// For how many seconds more it is fresh; negative for how long it is not any more.
  public func freshness(at now: Instant) -> Int { lifetimeSeconds - age(at: now) }

  /// Whether it may never be used stale (RFC 9111 §4.2.4, §5.2.2).
  public var mustBeFresh: Bool {
    control.sharedMaxAge != nil
      || !control.flags.isDisjoint(with: [.mustRevalidate, .proxyRevalidate, .noCache])
  }

  /// Whether it may be used while somebody asks whether it still holds (RFC 5861 §3).
  public func mayStandInWhileAsked(at now: Instant) -> Bool {
    guard !mustBeFresh, let seconds = control.staleWhileRevalidate else { return false }
    return -freshness(at: now) <= seconds
  }

  /// Whether it may stand in for a failure (RFC 5861 §4).
  public func mayStandInForFailure(at now: Instant, rules: CacheRules) -> Bool {
    guard !mustBeFresh else { return false }
    return -freshness(at: now) <= control.staleIfError ?? rules.staleIfErrorSeconds
  }

  /// Whether it can be asked about (RFC 9111 §4.3.1).
  public var hasValidator: Bool {
    fields.value(.etag) != nil || fields.value(of: CacheFields.lastModified) != nil
  }
}
