public import TLS

/// The store of the counts that several gateways keep together, and how it is reached.
public final class PlanCounters: Sendable {
  /// Where it is.
  public let target: UpstreamTarget
  /// How connections are secured; nil for clear text.
  public let tls: TLSClientContext?
  /// Who the gateway is there; nil for the default user, or for nobody.
  let user, password: String?
  /// The number of the database.
  let database: Int
  /// What all keys begin with.
  let prefix: [UInt8]
  /// How long an answer is waited for.
  let timeoutMilliseconds: Int
  /// Differs when anything of it does.
  let fingerprint: String
  /// What all loops tell of it.
  public let status: CounterStatus

  /// A store at `target`.
  public init(
    target: UpstreamTarget, tls: TLSClientContext?, user: String?, password: String?,
    database: Int, prefix: String, timeoutMilliseconds: Int, tlsFingerprint: String,
    status: CounterStatus
  ) {
    self.target = target
    self.tls = tls
    self.user = user
    self.password = password
    self.database = database
    self.prefix = Array(prefix.utf8)
    self.timeoutMilliseconds = timeoutMilliseconds
    self.status = status
    fingerprint =
      "\(target.host) \(target.port) \(tls != nil) \(target.serverName) \(tlsFingerprint) "
      + "\(user ?? "-") \(password ?? "-") \(database) \(prefix) \(timeoutMilliseconds)"
  }

  /// What messages call it: never the password.
  var label: String { "counters at \(String(decoding: target.authority, as: UTF8.self))" }
}
