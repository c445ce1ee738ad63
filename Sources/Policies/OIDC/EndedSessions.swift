import Crypto
import HTTP
import PolicyKit
import Synchronization

/// Sessions with one client of a provider that were ended before their time: by logging out here,
/// or by the provider.
///
/// This process refuses them at once; all others on the same store do once they have heard of it.
/// When it is full, all sessions that began before are ended: nobody who was logged out comes back.
final class EndedSessions: Sendable {
  /// What is ended.
  enum Subject: Sendable {
    /// A session, by the gateway's or by the provider's name of it.
    case session(String)
    /// All sessions of somebody that have begun so far.
    case person(String)
  }

  private struct State {
    /// By the name of a session: when it may be forgotten.
    var sessions: [String: UInt64] = [:]
    /// By subject: no session that began before counts.
    var subjects: [String: UInt64] = [:]
    var allBefore: UInt64 = 0
    var generation: UInt32 = 0
  }

  private static let countMax = 100_000
  /// How long writing an ending down may take, in milliseconds.
  private static let writeMilliseconds = 5_000

  private let name: String
  private let register: SessionRegister
  private let state = Mutex(State())
  private let hasher = SHA256Hasher()
  private let pending = PendingNeeds(of: OIDCPolicy.self)

  /// None yet, of the provider and client with this name.
  init(of name: String = "", register: SessionRegister = SessionRegister()) {
    self.name = name
    self.register = register
  }

  /// Changes whenever a session is ended, here or elsewhere.
  func generation(_ live: LiveDirectory?) -> UInt64 {
    UInt64(state.withLock { $0.generation }) << 32 | UInt64(live?.endingGeneration ?? 0)
  }

  /// Ends sessions in this process; nobody shows them after `until`.
  func end(_ subject: Subject, untilMilliseconds until: UInt64, nowMilliseconds now: UInt64) {
    state.withLock { state in
      EndedSessions.makeRoom(&state, now)
      switch subject {
      case .session(let name): state.sessions[name] = until
      case .person(let name): state.subjects[name] = now
      }
      state.generation &+= 1
    }
  }

  /// What an ending is found by.
  func digest(_ subject: Subject) -> Digest256 {
    let text =
      switch subject {
      case .session(let session): "session \(name) \(session)"
      case .person(let person): "person \(name) \(person)"
      }
    return hasher.hash(text.utf8.span)
  }

  /// Ends sessions for every gateway on the same store, for `owner`, who is asked again once that
  /// is written down. Nil once it is, or if there is no store.
  func end(
    _ subject: Subject, untilMilliseconds until: UInt64, _ exchange: borrowing Exchange,
    of owner: AnyObject
  ) -> Verdict? {
    let now = exchange.wallMilliseconds
    let digest = digest(subject)
    switch exchange.outcome(of: ObjectIdentifier(owner), about: digest.words) {
    case .value(let isWritten) where isWritten as? Bool == true: return nil
    case .value, .failed, .response:
      return .deny(
        Denial(
          .upstreamUnavailable, retryAfterSeconds: 1,
          reason: "other gateways cannot be told that the session has ended"))
    case nil: break
    }
    end(subject, untilMilliseconds: until, nowMilliseconds: now)
    guard register.isOpen else { return nil }
    var start = UInt64.max
    if case .person = subject { start = now }
    let ending = SessionRegister.Ending(
      digest: digest.words, startMilliseconds: start, expiryMilliseconds: until)
    let need = pending.need(
      about: digest, of: owner, milliseconds: EndedSessions.writeMilliseconds,
      .computation { [register] in register.write(ending) }, refine: { $0 })
    return need.map { .wait(for: $0) }
      ?? .deny(Denial(.overloaded, reason: "too many sessions are being ended"))
  }

  private static func makeRoom(_ state: inout State, _ now: UInt64) {
    guard state.sessions.count + state.subjects.count >= countMax else { return }
    state.sessions = state.sessions.filter { $0.value > now }
    guard state.sessions.count + state.subjects.count >= countMax else { return }
    state.sessions = [:]
    state.subjects = [:]
    state.allBefore = now
  }

  /// Whether a session was ended, here or by another gateway.
  func hasEnded(_ session: BrowserSession, _ live: LiveDirectory?) -> Bool {
    hasEndedHere(session) || live.map { hasEnded(session, in: $0) } ?? false
  }

  private func hasEndedHere(_ session: BrowserSession) -> Bool {
    state.withLock { state in
      if session.startMilliseconds <= state.allBefore { return true }
      if let since = state.subjects[session.subject], session.startMilliseconds <= since {
        return true
      }
      return state.sessions[session.identifier] != nil
        || (!session.providerSession.isEmpty && state.sessions[session.providerSession] != nil)
    }
  }

  private func hasEnded(_ session: BrowserSession, in live: LiveDirectory) -> Bool {
    var subjects: [Subject] = [.session(session.identifier), .person(session.subject)]
    if !session.providerSession.isEmpty { subjects.append(.session(session.providerSession)) }
    return subjects.contains { subject in
      live.ended(ofSHA256: digest(subject).words).map { session.startMilliseconds <= $0 } ?? false
    }
  }
}
