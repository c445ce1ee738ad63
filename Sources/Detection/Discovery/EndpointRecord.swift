/// What is known of an endpoint that was seen.
public struct EndpointRecord: Sendable {
  /// How an endpoint stands to the description of its API.
  public enum Standing: String, CaseIterable, Sendable {
    /// There is no description of the service.
    case undescribed
    case described
    /// It is used, and should not be any more.
    case deprecated
    /// It is seen, and not in the description.
    case shadow
    /// It is in the description, and was not seen.
    case unused
  }

  /// The service, and the method in capitals.
  public var service: String
  public var method: String
  /// The path, with what names objects left out: `/orders/{id}`.
  public var template: String
  public var standing = Standing.undescribed
  /// Whether it was seen for the first time after the time of learning.
  public var isNew = false
  /// Requests, and those of them that were answered with success, by the caller's fault, and by
  /// the service's.
  public var requests: UInt64 = 0
  public var successes: UInt64 = 0
  public var refusals: UInt64 = 0
  public var failures: UInt64 = 0
  /// Those without a caller that was identified.
  public var anonymous: UInt64 = 0
  public var firstMilliseconds: UInt64 = 0
  public var lastMilliseconds: UInt64 = 0
  /// The statuses that were seen, a few.
  public var statuses: [Int] = []
  /// Names of parameters of the query, and what their values look like, a few.
  public var query: [String: ParameterKind] = [:]
  /// What the parameters of the path look like, in their order.
  public var parameters: [ParameterKind] = []
  /// Media types of requests and responses, a few.
  public var requestTypes: [String] = []
  public var responseTypes: [String] = []
  /// Different addresses, about.
  public var addresses = LinearCount()

  /// So many of what is kept a few of.
  static let fewMax = 16

  /// An endpoint that was not seen yet.
  public init(service: String, method: String, template: String) {
    self.service = service
    self.method = method
    self.template = template
  }
}
