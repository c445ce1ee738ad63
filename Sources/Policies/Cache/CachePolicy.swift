import Base
public import Formats
public import PolicyKit

/// `cache`: keeps responses for those who ask for the same (RFC 9111).
public final class CachePolicy: CachingPolicy {
  /// What the policy is called, when it runs, and its options.
  public static var manifest: PolicyManifest {
    PolicyManifest(
      name: "cache", stage: .transformation,
      summary: "Keeps responses for those who ask for the same.",
      options: [
        .init("size", "size, 1MiB to 64GiB", default: "64MiB", "the most that is kept in memory"),
        .init(
          "response", "size", default: "1MiB",
          "longest content that is kept, a sixteenth of size at most"),
        .init(
          "query", "list of parameters", default: "all",
          "those that count; others do not reach the upstream"),
        .init(
          "fields", "list of names", default: "accept",
          "fields of requests that count; others do not reach the upstream"),
        .init(
          "pass", "list of names", default: "none",
          "fields that reach the upstream and do not count, since no answer hangs on them"),
        .init(
          "default-ttl", "duration", default: "none",
          "how long responses are fresh that do not say so"),
        .init(
          "stale-if-error", "duration", default: "0",
          "for how long stale ones stand in for failures, unless they say so themselves"),
        .init(
          "per-consumer", "boolean", default: "false", "each consumer has responses of his own"),
        .init(
          "obey-clients", "boolean", default: "false",
          "no-cache, max-age, min-fresh and max-stale of requests count"),
      ])
  }

  /// What is kept; the same as before a reload that changes no rule.
  public let cache: ResponseCache
  /// What is kept, and by what requests are told apart.
  public let rules: CacheRules

  /// Compiles the settings; what is wrong is reported through them.
  public init(_ settings: inout Settings, at site: PolicySite) {
    let bytesMax = settings.size("size", in: 1 << 20...1 << 36) ?? 64 << 20
    var rules = CacheRules()
    if let size = settings.size("response", in: 0...bytesMax / 16) { rules.contentBytesMax = size }
    rules.contentBytesMax = min(rules.contentBytesMax, bytesMax / 16)
    rules.parameters = settings.list("query").map { $0.map { Array($0.utf8) } }
    rules.fields = CachePolicy.names("fields", &settings) ?? [Array("accept".utf8)]
    rules.passed = CachePolicy.names("pass", &settings) ?? []
    rules.standardSeconds = settings.duration("default-ttl").map { $0 / 1000 }
    rules.staleIfErrorSeconds = (settings.duration("stale-if-error") ?? 0) / 1000
    rules.isPerConsumer = settings.boolean("per-consumer") ?? false
    rules.obeysClients = settings.boolean("obey-clients") ?? false
    self.rules = rules
    // What decides about keeping is in the key: other rules begin with nothing.
    cache = site.retained.object("cache/\(site.service)/\(site.path)/\(bytesMax)/\(rules)") {
      ResponseCache(bytesMax: bytesMax)
    }
  }

  private static func names(_ key: String, _ settings: inout Settings) -> [[UInt8]]? {
    guard let texts = settings.texts(key) else { return nil }
    return texts.compactMap { text in
      let name = text.string.lowercased()
      // Credentials are looked at apart, and those about one connection are nobody's to pass on.
      let isTaken = ["authorization", "cookie", "host", "connection", "range"].contains(name)
      if !isTaken, !name.isEmpty, name.utf8.allSatisfy(ASCII.isToken) { return Array(name.utf8) }
      settings.refuse(text, key, expected: "names of fields that hold no credentials")
      return nil
    }
  }
}
