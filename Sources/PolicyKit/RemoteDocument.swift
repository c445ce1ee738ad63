/// A document of somebody else's that a policy needs, such as an issuer's keys.
///
/// Policies do no I/O. The control plane asks each document now and then whether it is due, fetches
/// it in the background, and hands over what came; no request waits for that, and none causes it.
public protocol RemoteDocument: AnyObject, Sendable {
  /// Where it is: `https`, or `http` on this machine.
  var url: String { get }
  /// Whose certificate the server must have; nil for the authorities of the system.
  var authorities: TrustedAuthorities? { get }
  /// The longest document that is taken, in bytes.
  var bytesMax: Int { get }
  /// Whether to fetch it now; if so, `fetched` or `failed` follows. Milliseconds of a steady clock.
  func beginsFetch(atMilliseconds now: UInt64) -> Bool
  /// Takes over what came. What is wrong with it, if something is, for the operator's log.
  func fetched(_ document: [UInt8], atMilliseconds now: UInt64) -> String?
  /// Nothing came.
  func failed()
}
