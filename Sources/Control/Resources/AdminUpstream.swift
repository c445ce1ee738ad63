import Formats

/// An upstream as the admin API shows it.
public struct AdminUpstream: Sendable {
  /// The service's name.
  public let service: String
  /// `host:port`, or the host alone on the scheme's own port.
  public let name: String
  /// Whether health checks, if there are any, find it well.
  public let isWell: Bool
  /// Whether it gets no new requests.
  public var isDrained: Bool

  /// An upstream of a service.
  public init(service: String, name: String, isWell: Bool, isDrained: Bool) {
    self.service = service
    self.name = name
    self.isWell = isWell
    self.isDrained = isDrained
  }

  var json: JSONValue {
    .object([
      JSONMember("service", .string(service)), JSONMember("upstream", .string(name)),
      JSONMember("well", .boolean(isWell)), JSONMember("draining", .boolean(isDrained)),
    ])
  }
}
