import Synchronization

/// Sessions that were ended before their time: by logging out here, or by the provider.
///
/// It is kept by this process. When it is full, all sessions that began before are ended: nobody
/// who was logged out comes back.
final class EndedSessions: Sendable {
  private struct State {
    /// By the gateway's and by the provider's name of a session: when it may be forgotten.
    var sessions: [String: UInt64] = [:]
    /// By subject: no session that began before counts.
    var subjects: [String: UInt64] = [:]
    var allBefore: UInt64 = 0
    var generation: UInt32 = 0
  }

  private static let countMax = 100_000

  private let state = Mutex(State())

  /// Changes whenever a session is ended.
  var generation: UInt32 { state.withLock { $0.generation } }

  /// Ends a session by its name, here or at the provider, which nobody will show after `until`.
  func end(session: String, untilMilliseconds until: UInt64, nowMilliseconds now: UInt64) {
    state.withLock { state in
      EndedSessions.makeRoom(&state, now)
      state.sessions[session] = until
      state.generation &+= 1
    }
  }

  /// Ends all sessions of a subject that have begun so far.
  func end(subject: String, nowMilliseconds now: UInt64) {
    state.withLock { state in
      EndedSessions.makeRoom(&state, now)
      state.subjects[subject] = now
      state.generation &+= 1
    }
  }

  private static func makeRoom(_ state: inout State, _ now: UInt64) {
    guard state.sessions.count + state.subjects.count >= countMax else { return }
    state.sessions = state.sessions.filter { $0.value > now }
    guard state.sessions.count + state.subjects.count >= countMax else { return }
    state.sessions = [:]
    state.subjects = [:]
    state.allBefore = now
  }

  /// Whether a session was ended.
  func hasEnded(_ session: BrowserSession) -> Bool {
    state.withLock { state in
      if session.startMilliseconds <= state.allBefore { return true }
      if let since = state.subjects[session.subject], session.startMilliseconds <= since {
        return true
      }
      return state.sessions[session.identifier] != nil
        || (!session.providerSession.isEmpty && state.sessions[session.providerSession] != nil)
    }
  }
}
