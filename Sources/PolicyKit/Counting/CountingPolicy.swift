/// A policy that may decide by counts which several gateways keep together.
///
/// Those that follow each other in a chain are counted by one round trip, all or none of them.
public protocol CountingPolicy: RequestPolicy {
  /// What has to be counted of an exchange before the policy can decide; nil if nothing has, or if
  /// it is asked for apart.
  func count(of exchange: borrowing Exchange) -> SharedCount?
}
