import Synchronization

/// When devices asked last, so that those that ask too often are told (RFC 8628 §3.5).
final class PollTimes: Sendable {
  /// More than so many are not remembered.
  private static let countMax = 8192

  private let times = Mutex<[String: Int]>([:])

  /// Whether a device asks sooner than it may; notes that it has asked.
  func isTooSoon(_ device: String, at now: Int) -> Bool {
    times.withLock { times in
      if times.count >= PollTimes.countMax {
        times = times.filter { now - $0.value < DeviceRequest.milliseconds }
        if times.count >= PollTimes.countMax { times.removeAll() }
      }
      let last = times.updateValue(now, forKey: device)
      // A tenth less: what is on its way takes longer at one time than at another.
      return last.map { now - $0 < DeviceRequest.intervalSeconds * 900 } ?? false
    }
  }
}
