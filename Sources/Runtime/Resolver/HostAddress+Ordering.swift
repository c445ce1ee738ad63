public import Base

extension HostAddress {
  /// The two families of internet addresses.
  public enum Family: Hashable, Sendable { case v4, v6 }

  /// The order in which to try `addresses`: families take turns, so that one broken family costs
  /// one attempt and not many (RFC 8305 §4, with a First Address Family Count of 1).
  ///
  /// Within a family the given order is kept; what is there twice is tried once.
  public static func interleaved(
    _ addresses: [IPAddress], first: Family = .v6
  ) -> [IPAddress] {
    var seen = Set<IPAddress>()
    let distinct = addresses.filter { seen.insert($0).inserted }
    let leading = distinct.filter { $0.isV4 == (first == .v4) }
    let following = distinct.filter { $0.isV4 != (first == .v4) }
    var order: [IPAddress] = []
    order.reserveCapacity(distinct.count)
    for place in 0..<max(leading.count, following.count) {
      if place < leading.count { order.append(leading[place]) }
      if place < following.count { order.append(following[place]) }
    }
    return order
  }
}
