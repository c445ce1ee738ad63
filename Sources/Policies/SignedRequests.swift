import Base
import Crypto
import Formats
import HTTP
import PolicyKit

/// What `hmac` and `message-signature` have in common: keys, what has to be covered, for how long
/// something signed is good, that it is taken once, and that content is what the digest says.
struct SignedRequests: Sendable {
  /// The keys, and what has to be covered beside what always has to be.
  let keys: SigningKeys
  let components: [String]
  let window: ClockWindow
  let keeps: Bool
  private let replays: ReplayCache
  private let hasher = SHA256Hasher()

  /// Reads `keys`, `components`, `max-age`, `leeway` and `keep`. `name` is what the policy signs,
  /// by which what was seen is found again after a reload.
  init(
    _ settings: inout Settings, _ algorithms: [MessageAlgorithm], components standard: [String],
    of name: String, at site: PolicySite
  ) {
    keys = SigningKeys(&settings, algorithms, at: site)
    components = (settings.list("components") ?? standard).map { $0.lowercased() }
    let window = ClockWindow(&settings)
    self.window = window
    keeps = settings.boolean("keep") ?? false
    let key = "\(name) \(site.service) \(site.path) \(window.lifetimeMilliseconds)"
    replays = site.retained.object(key) {
      ReplayCache(lifetimeMilliseconds: window.lifetimeMilliseconds)
    }
  }

  /// Why something signed does not count, because it came before; nil if it has not. `mark` tells
  /// it from others of the same key.
  func replayed(
    _ identifier: String, _ mark: [UInt8], _ exchange: borrowing Exchange
  ) -> StaticString? {
    let once = Array("\(identifier)\n".utf8) + mark
    switch replays.note(
      hasher.hash(once.span), nowMilliseconds: exchange.start.nanoseconds / 1_000_000)
    {
    case .new: return nil
    case .known: return "this was sent before"
    case .full: return "too many were sent to tell whether this was sent before"
    }
  }

  /// Whether the request says of its content what it is.
  func holdsContent(of exchange: borrowing Exchange) -> Bool {
    ContentDigest.isTold(exchange.request.fields)
  }

  /// Why the content is not what was signed; nil if it is.
  func fault(of content: Span<UInt8>, _ exchange: borrowing Exchange) -> StaticString? {
    let fields = exchange.request.fields
    guard ContentDigest.isTold(fields), !ContentDigest.isRight(content, fields) else { return nil }
    return "the content is not what its digest says"
  }

  /// The options, for the tables of the guide. `what` is what is made with the keys.
  static func options(
    keys: String, components: PolicyManifest.Option, of what: String
  ) -> [PolicyManifest.Option] {
    [
      .init("keys", "list", default: "required", keys), components,
      .init("max-age", "duration", default: "5m", "how old a \(what) may be"),
      .init("leeway", "duration", default: "30s", "by how much clocks may differ, up to 60s"),
      .init("keep", "boolean", default: "false", "whether the upstream gets the \(what) too"),
    ]
  }
}
