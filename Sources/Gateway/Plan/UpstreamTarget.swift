public import Base
import Synchronization

/// One upstream of a service, and the addresses that its name stands for at the moment.
public final class UpstreamTarget: Sendable {
  /// The place among the service's targets.
  public let index: Int
  public let host: String
  public let port: UInt16
  public let isSecure: Bool
  public let weight: Int
  /// The name that its certificate is held against.
  public let serverName: String
  /// `host:port`, or the host alone on the scheme's own port: the `Host` field, and the log's name.
  public let authority: [UInt8]
  /// By what it is counted; -1 for with all others.
  public let metricNumber: Int
  /// When health checks found it well again, in nanoseconds of the loops' clock: 0 if it never was
  /// otherwise, the largest number while it is not.
  private let wellSince = Atomic<UInt64>(0)
  private let drained = Atomic<Bool>(false)
  private let addresses: Mutex<Addresses>

  private struct Addresses {
    var all: [IPAddress]
    var preferred: IPAddress?

    /// Puts an address in front, if it is still there.
    mutating func lead(with address: IPAddress) {
      guard let place = all.firstIndex(of: address), place > 0 else { return }
      all.remove(at: place)
      all.insert(address, at: 0)
    }
  }

  public init(
    index: Int, host: String, address: IPAddress?, port: UInt16, isSecure: Bool, weight: Int,
    serverName: String?, metricNumber: Int = -1
  ) {
    self.index = index
    self.host = host
    self.port = port
    self.isSecure = isSecure
    self.weight = weight
    self.serverName = serverName ?? host
    self.metricNumber = metricNumber
    authority = Array(
      UpstreamTarget.authority(host, address: address, port: port, isSecure: isSecure).utf8)
    addresses = Mutex(Addresses(all: address.map { [$0] } ?? []))
  }

  /// `host:port`, or the host alone on the scheme's own port; IPv6 in brackets.
  public static func authority(
    _ host: String, address: IPAddress?, port: UInt16, isSecure: Bool
  ) -> String {
    let shown = address.map { $0.isV4 ? host : "[\(host)]" } ?? host
    return port == (isSecure ? 443 : 80) ? shown : "\(shown):\(port)"
  }

  /// Whether health checks, if there are any, found it well.
  public var isWell: Bool { wellSince.load(ordering: .relaxed) != .max }

  /// Since when it is well again; nil if it always was, or is not.
  var returnedAt: Instant? {
    let moment = wellSince.load(ordering: .relaxed)
    return moment == 0 || moment == .max ? nil : Instant(nanoseconds: moment)
  }

  /// Notes what health checks found: that it is well since a moment, or, with nil, that it is not.
  public func note(wellSince moment: Instant?) {
    wellSince.store(moment?.nanoseconds ?? .max, ordering: .relaxed)
  }

  /// Whether it gets no new requests.
  public var isDrained: Bool { drained.load(ordering: .relaxed) }

  /// Has it get no new requests, or get them again; what is under way goes on.
  public func drain(_ isDrained: Bool) { drained.store(isDrained, ordering: .relaxed) }

  /// What messages call it, as an upstream of a service of that name.
  public func label(_ service: String) -> String {
    "service \(service): upstream \(String(decoding: authority, as: UTF8.self))"
  }

  /// Replaces the addresses, when the resolver has new ones; the one that worked stays in front.
  public func update(_ new: [IPAddress]) {
    addresses.withLock { held in
      held.all = new
      if let preferred = held.preferred { held.lead(with: preferred) }
    }
  }

  /// Has connections begin with this address from now on: those before it did not answer.
  public func prefer(_ address: IPAddress) {
    addresses.withLock { held in
      held.preferred = address
      held.lead(with: address)
    }
  }

  /// The addresses in the order to try them, for the `attempt`-th try from 0; empty while the name
  /// is not resolved.
  public func addresses(attempt: Int) -> [IPAddress] {
    let all = addresses.withLock { $0.all }
    if all.count < 2 || attempt % all.count == 0 { return all }
    return Array(all[(attempt % all.count)...] + all[..<(attempt % all.count)])
  }
}
