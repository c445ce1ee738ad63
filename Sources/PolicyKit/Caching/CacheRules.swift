import Base
public import HTTP

/// What a route's cache may keep, and by what it tells requests apart.
public struct CacheRules: Sendable {
  /// Longest content that is kept, in bytes.
  public var contentBytesMax = 1024 * 1024
  /// The parameters of the query that count, and that go upstream; nil for all.
  public var parameters: [[UInt8]]?
  /// Fields of requests that count, and that go upstream, in lower case.
  public var fields: [[UInt8]] = []
  /// Fields that go upstream although they do not count, since no answer hangs on them.
  public var passed: [[UInt8]] = []
  /// How long responses are fresh that do not say so, in seconds; nil for not at all.
  public var standardSeconds: Int?
  /// For how long a stale response stands in for a failure, where it does not say so itself.
  public var staleIfErrorSeconds = 0
  /// Whether each consumer has responses of its own.
  public var isPerConsumer = false
  /// Whether clients' `Cache-Control` asks for fresher or takes staler responses.
  public var obeysClients = false

  /// Nothing special.
  public init() {}

  /// Whether a field goes upstream with a request whose response may be kept.
  ///
  /// What is not told apart by does not go upstream, so that nobody can have something kept for
  /// others by a field that they do not send (NRM-21). Credentials do go; what is kept for
  /// whom with credentials is a matter of its own.
  public func passes(_ line: FieldLine, in requestFields: borrowing Fields) -> Bool {
    switch line.id {
    case .host, .authorization, .cookie: return true
    default: break
    }
    let name = Array(requestFields.arena[line.name.range])
    return fields.contains(name) || passed.contains(name)
  }
}
