import Formats
import Storage
import Synchronization
import Telemetry

/// The rotation of the store's keys, which goes on while the gateway serves.
final class KeyRotation: Sendable {
  private struct State {
    var isRunning = false
    var done = 0
    var total = 0
    var fault: String?
    var ended: Int?
  }

  /// Records sealed anew between two looks at the clock.
  private static let batch = 200

  private let vault: Vault
  private let state = Mutex(State())

  init(_ vault: Vault) { self.vault = vault }

  /// Whether the caller is the one who runs it now.
  func begins() -> Bool {
    state.withLock { state in
      if state.isRunning { return false }
      state = State(isRunning: true)
      return true
    }
  }

  /// Wraps all keys by the first master key, seals every record with a new data key, and lets go of
  /// the old ones.
  func run() {
    do throws(StoreError) {
      try vault.rotateKeys()
      let kinds = vault.kinds
      var total = 0
      for kind in kinds { total += try vault.store.count(kind) }
      let all = total
      state.withLock { $0.total = all }
      for kind in kinds {
        var last = ""
        while let step = try vault.reseal(kind, after: last, limit: KeyRotation.batch) {
          last = step.last
          state.withLock { $0.done += step.count }
        }
        try vault.dropOldKeys(kind)
      }
      end(nil)
    } catch {
      ErrorLog.error("the rotation of the store's keys failed: \(error)")
      end("\(error)")
    }
  }

  private func end(_ fault: String?) {
    let now = vault.now
    state.withLock { state in
      state.isRunning = false
      state.fault = fault
      state.ended = now
    }
  }

  /// How far it is.
  var shown: JSONValue {
    let state = state.withLock { $0 }
    var members = [
      JSONMember(
        "state",
        .string(
          state.isRunning
            ? "running" : state.ended == nil ? "idle" : state.fault == nil ? "done" : "failed")),
      JSONMember("done", .integer(state.done)), JSONMember("total", .integer(state.total)),
    ]
    if let ended = state.ended {
      members.append(JSONMember("ended", .string(Timestamp.text(ended))))
    }
    return .object(members)
  }
}
