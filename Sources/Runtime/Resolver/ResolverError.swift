/// Why a look-up gave no addresses.
public enum ResolverError: Error, Hashable, Sendable {
  /// The name does not exist (RFC 8020: nor does anything below it).
  case noSuchName
  /// The name exists and has no address.
  case noAddresses
  /// No usable answer came in time.
  case timedOut
  /// The name server answered with this code of RFC 6895 §2.3 (2 SERVFAIL, 5 REFUSED).
  case serverFailed(code: Int)
  /// What the name server sent breaks RFC 1035, or was no answer to the question.
  case malformedAnswer
  /// A system call failed with this `errno`.
  case system(code: Int32)
  /// No name server is configured.
  case noServers
  /// As many look-ups as allowed are waiting already.
  case queueFull
  /// The resolver was closed.
  case closed

  /// Whether this is an answer (there is nothing) and not a failure to get one.
  var isNegative: Bool { self == .noSuchName || self == .noAddresses }
}
