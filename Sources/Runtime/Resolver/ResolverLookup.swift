import Base

/// One look-up under way: both families of one name, for each name that the search list makes of
/// it, until there are addresses, an error, or no time.
final class ResolverLookup {
  /// Addresses as they came, with the seconds for which they hold.
  struct Found: Hashable {
    var addresses: [IPAddress]
    var ttlSeconds: Int
  }

  let host: HostAddress
  private let configuration: ResolverConfiguration
  private let servers: [ResolverServer]
  private var candidates: ArraySlice<String>
  private var deadline: Instant
  private var hasGrace = false
  /// The error to tell if no candidate has addresses: that a name exists says more.
  private var negative = ResolverError.noSuchName
  private(set) var queries: [ResolverQuery] = []
  private(set) var outcome: Result<Found, ResolverError>?

  init(_ host: HostAddress, _ configuration: ResolverConfiguration, now: Instant) {
    self.host = host
    self.configuration = configuration
    deadline = now.adding(milliseconds: configuration.lookupMilliseconds)
    let local = ResolverLookup.withoutServer(host, configuration)
    guard local.isEmpty else {
      servers = []
      candidates = []
      outcome = .success(
        Found(addresses: local, ttlSeconds: ResolverLimits.ttlSecondsWithoutTTL))
      return
    }
    let directory = configuration.directory()
    servers = directory.servers
    candidates = directory.candidates(for: host)[...]
    askNext(now)
    advance(now)
  }

  /// When `advance` is due if nothing arrives.
  var wakes: Instant { queries.reduce(deadline) { min($0, $1.attemptEnds) } }

  /// Takes stock after events or time: sets `outcome` when everything is known.
  func advance(_ now: Instant) {
    while outcome == nil {
      for query in queries { query.checkTime(now) }
      if now >= deadline { for query in queries { query.abandon() } }
      let isWaiting = queries.contains { $0.outcome == nil }
      let found = collect()
      if isWaiting {
        if !found.addresses.isEmpty { limitWait(now) }
        return
      }
      conclude(found, now)
    }
  }

  /// The addresses of a literal, of `localhost` (RFC 6761 §6.3: never asked for), or of the file.
  private static func withoutServer(
    _ host: HostAddress, _ configuration: ResolverConfiguration
  ) -> [IPAddress] {
    if let literal = host.literal { return [literal] }
    if host.text == "localhost" || host.text.hasSuffix(".localhost") {
      return [IPAddress(high: 0, low: 1), IPAddress(v4: 0x7F00_0001)]
    }
    return configuration.hosts(host.text)
  }

  private func askNext(_ now: Instant) {
    guard let name = candidates.popFirst() else { return }
    queries = [.aaaa, .a].map {
      ResolverQuery(
        ResolverQuestion(name: name, type: $0), servers: servers,
        attemptMilliseconds: configuration.attemptMilliseconds, now: now)
    }
  }

  private func collect() -> Found {
    var found = Found(addresses: [], ttlSeconds: ResolverLimits.ttlSecondsMax)
    for query in queries {
      guard case .addresses(let addresses, let ttlSeconds) = query.outcome else { continue }
      found.addresses += addresses
      found.ttlSeconds = min(found.ttlSeconds, Int(ttlSeconds))
    }
    return found
  }

  /// One family is here: the other one gets a short time more.
  private func limitWait(_ now: Instant) {
    if hasGrace { return }
    hasGrace = true
    deadline = min(
      deadline, now.adding(milliseconds: configuration.secondFamilyMilliseconds))
  }

  private func conclude(_ found: Found, _ now: Instant) {
    var failure: ResolverError?
    for query in queries {
      guard case .nothing(let error) = query.outcome else { continue }
      if !error.isNegative { failure = error } else if error == .noAddresses { negative = error }
    }
    if !found.addresses.isEmpty {
      var found = found
      // With one family missing for a failure, the other is asked for again soon.
      if failure != nil {
        found.ttlSeconds = min(found.ttlSeconds, ResolverLimits.ttlSecondsWithoutTTL)
      }
      outcome = .success(found)
    } else if let failure {
      outcome = .failure(failure)
    } else if candidates.isEmpty {
      outcome = .failure(negative)
    } else {
      askNext(now)
    }
  }
}
