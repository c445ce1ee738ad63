public import Base
public import Formats

/// A server that a service is forwarded to.
public struct UpstreamBlueprint: Sendable {
  /// Clear text or TLS.
  public enum Scheme: String, Sendable { case http, https }

  /// Whether TLS is spoken.
  public var scheme: Scheme
  /// A name in lower case, or an address without brackets.
  public var host: String
  /// The address, if the host is one.
  public var address: IPAddress?
  /// Never 0.
  public var port: UInt16
  /// Share of the requests, relative to the others' weights.
  public var weight: Int
  /// Whether it gets nothing new: what is under way there ends.
  public var isDrained = false
  /// Where it stands in the file.
  public var position: Position
}

extension UpstreamBlueprint: CustomStringConvertible {
  /// The URL, with its port.
  public var description: String {
    let isBracketed = address.map { !$0.isV4 } ?? false
    return "\(scheme.rawValue)://\(isBracketed ? "[\(host)]" : host):\(port)"
  }
}
