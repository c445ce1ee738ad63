import Base
import HTTP
import PolicyKit

/// How one exchange stands to the cache of its route.
final class CacheTurn {
  /// Most times that it waits for another's answer: then it asks for itself.
  static let waitsMax = 3
  /// Longest time that it waits.
  static let waitMilliseconds = 5_000

  let cache: ResponseCache
  let rules: CacheRules
  let asked: CacheRequest
  /// Whether it asks the upstream for others as well.
  var isLeading = false
  var waits = 0
  /// What there is, and is not fresh.
  var stale: CachedResponse?
  /// Whether the upstream is asked whether that still holds.
  var isAsking = false
  /// What stands in `Cache-Status` for why the upstream was asked (RFC 9211 §2.2).
  var reason: StaticString = "uri-miss"
  /// What the client gets once the upstream's own response is over.
  var due: CachedResponse?
  /// Content that is being sent from the cache, and how much of it has gone.
  var content: [UInt8]?
  var sentCount = 0
  /// The head of the response that is to be kept, and its content so far.
  private(set) var recorded: CachedResponse?
  private var recording: [UInt8] = []
  private var reserved = 0

  init(_ policy: any CachingPolicy, _ asked: CacheRequest) {
    cache = policy.cache
    rules = policy.rules
    self.asked = asked
  }

  /// Whether content that goes by is kept.
  var isRecording: Bool { recorded != nil }

  /// Begins to keep a response.
  func record(_ head: CachedResponse) { recorded = head }

  /// Keeps content; one that becomes too long is not kept at all.
  func record(_ content: Span<UInt8>, now: Instant) {
    if recorded == nil || content.isEmpty { return }
    guard recording.count + content.count <= rules.contentBytesMax, cache.reserve(content.count)
    else { return stopRecording(now: now) }
    reserved += content.count
    // Safety: the buffer is only read, and only within the call; the array copies it.
    unsafe content.withUnsafeBufferPointer { unsafe recording.append(contentsOf: $0) }
  }

  /// The response is not for others.
  func stopRecording(now: Instant) {
    (recorded, recording) = (nil, [])
    giveBack()
    end(isShared: false, now: now)
  }

  /// The response is whole: it is kept, and those who wait get it.
  func keep(now: Instant) {
    guard let head = recorded else { return }
    let isKept = cache.keep(CacheStorability.entry(head, content: recording))
    (recorded, recording) = (nil, [])
    giveBack()
    end(isShared: isKept, now: now)
  }

  private func giveBack() {
    if reserved > 0 { cache.release(reserved) }
    reserved = 0
  }

  /// Lets those who wait go on; `isShared` as `ResponseCache.endTurn` has it.
  func end(isShared: Bool?, now: Instant) {
    if !isLeading { return }
    isLeading = false
    cache.endTurn(asked.key, isShared: isShared, now: now)
  }

  /// The exchange is over, however it ended.
  func close(now: Instant) {
    (recorded, recording, content) = (nil, [], nil)
    giveBack()
    end(isShared: nil, now: now)
  }
}
