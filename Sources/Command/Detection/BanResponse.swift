import Base
import Blueprint
import Detection
import PolicyKit
import Runtime

/// Keeps the address or the network of an alert out for a while.
///
/// Only what the alert is about itself is kept out: of a caller with a name, or of a service, no
/// address is, since others stand behind it too. Routes with an abuse limit hold to bans.
struct BanResponse: AlertResponse {
  let book: BanBook

  func respond(to alert: Alert, forMilliseconds milliseconds: Int) -> String? {
    guard let client = alert.client, !client.isLoopback else { return nil }
    let target: BanTarget
    switch alert.subject {
    case .address: target = BanTarget(client)
    case .network: target = BanTarget(networkOf: client)
    case .caller where alert.consumer.isEmpty && alert.credential == 0: target = BanTarget(client)
    default: return nil
    }
    let now = Clock.wallMilliseconds
    let ban = Ban(
      target, untilMilliseconds: now + UInt64(milliseconds),
      reason: "alert \(alert.id), \(alert.detector.rawValue)")
    book.ban(ban, nowMilliseconds: now)
    return "\(target.text) is kept out for \(milliseconds / 1000) s; "
      + "'gatehouse bans lift \(target.text)' ends that"
  }
}
