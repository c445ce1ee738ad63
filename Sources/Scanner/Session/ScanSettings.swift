package import Client

/// What a scan is told beside the description and the identities.
package struct ScanSettings: Sendable {
  /// Where the API is.
  package var origin: ClientOrigin
  /// The path of the base URL, without a slash at its end; nil to use the description's.
  package var basePath: String?
  /// Most requests, beyond which nothing more is begun.
  package var requestsMax = 20_000
  /// Most time in milliseconds, beyond which nothing more is begun.
  package var millisecondsMax = 3_600_000
  /// Most requests begun in a second; nil for no bound.
  package var requestsPerSecond: Int?
  /// Most requests at once.
  package var concurrency = 6
  /// How long the target may take to begin an answer.
  package var answerMilliseconds = 15_000
  /// Only the cheapest probes of each check.
  package var isQuick = false
  /// Whether operations that would harm all, such as one that empties the database, are called.
  package var isDangerous = false
  /// What operations need, as somebody has given it.
  package var given = GivenValues()
  /// The class to look for alone; nil for all.
  package var only: FindingKind?
  /// The place to look at alone; nil for all.
  package var place: String?

  package init(origin: ClientOrigin, basePath: String? = nil) {
    self.origin = origin
    self.basePath = basePath
  }
}
