import Crypto
import HTTP
import PolicyKit

/// What `basic` and `ldap` have in common: who shows a name and a password is looked up in what is
/// remembered, and else asked for in the slow way.
///
/// Whether a password is right is remembered; whose it is is looked at each time, so that a
/// consumer that is disabled or gone is refused at once.
final class PasswordDesk: Sendable {
  /// What came of the slow way. Between a wrong name and a wrong password nobody can tell.
  enum Answer: Sendable {
    case right(groups: Set<String>)
    case wrong
  }

  /// How one policy checks a password, and whom it takes for its owner.
  struct Manner {
    /// The slow way.
    let work: (_ name: String, _ password: String) -> Need.Work
    /// What its outcome means: an `Answer`, or that there is none.
    let read: @Sendable (_ outcome: Need.Outcome) -> Need.Outcome
    /// Who it is; nil for nobody who may come in.
    let identity: (_ name: String, _ groups: Set<String>, _ live: LiveDirectory?) -> KnownIdentity?
  }

  let challenge: StaticString = "Basic realm=\"gatehouse\", charset=\"UTF-8\""
  private let memory: PasswordMemory
  private let keeps: Bool
  private let milliseconds: Int
  private let pending: PendingNeeds

  init(
    of policy: any Policy.Type, rightMilliseconds: Int, wrongMilliseconds: Int, milliseconds: Int,
    keeps: Bool
  ) {
    memory = PasswordMemory(
      rightMilliseconds: rightMilliseconds, wrongMilliseconds: wrongMilliseconds)
    self.milliseconds = milliseconds
    self.keeps = keeps
    pending = PendingNeeds(of: policy)
  }

  /// Takes the credentials out of the request.
  func withdraw(from exchange: inout Exchange) {
    if keeps { return }
    if case .none = PasswordCredentials.find(exchange.request.fields) { return }
    exchange.request.fields.remove(.authorization)
  }

  /// Decides on a request of `owner`.
  func review(
    _ exchange: inout Exchange, _ owner: some CredentialPolicy, _ manner: Manner
  ) -> Verdict {
    switch PasswordCredentials.find(exchange.request.fields) {
    case .none: return .deny(Denial(.credentialsRequired, challenge: challenge))
    case .malformed: return refuse("the credentials are malformed, or a part of them is empty")
    case .pair(let name, let password):
      let now = exchange.wallMilliseconds
      exchange.notes(claimedName: name)
      guard let digest = memory.digest(name, password) else {
        return .deny(Denial(.internalError, reason: "no random bytes"))
      }
      exchange.notes(credential: digest.words.0)
      switch memory.find(digest, nowMilliseconds: now) {
      case .right(let known) where known.holds(in: exchange.live):
        return accept(known, &exchange, owner)
      case .right(let known):
        guard let renewed = manner.identity(name, known.groups, exchange.live) else {
          return refuse("the consumer of the password is disabled or gone")
        }
        memory.replace(digest, renewed)
        return accept(renewed, &exchange, owner)
      case .wrong: return refuse("the name or the password is wrong")
      case nil: break
      }
      switch exchange.outcome(of: ObjectIdentifier(owner), about: digest.words) {
      case .value(let value):
        switch value as? Answer {
        case .right(let groups):
          guard let known = manner.identity(name, groups, exchange.live) else {
            return refuse("the consumer of the password is disabled or gone")
          }
          return accept(known, &exchange, owner)
        case .wrong: return refuse("the name or the password is wrong")
        case nil: return .deny(Denial(.internalError))
        }
      case .failed, .response:
        return .deny(
          Denial(
            .upstreamUnavailable, retryAfterSeconds: 1, reason: "the password cannot be checked"))
      case nil: break
      }
      let memory = self.memory
      let need = pending.need(
        about: digest, of: owner, milliseconds: milliseconds, manner.work(name, password)
      ) { [read = manner.read] outcome in
        let meant = read(outcome)
        if case .value(let value) = meant, let answer = value as? Answer {
          memory.keep(answer, of: name, digest, nowMilliseconds: now)
        }
        return meant
      }
      guard let need else { return .deny(Denial(.overloaded, reason: "too many passwords wait")) }
      return .wait(for: need)
    }
  }

  private func accept(
    _ known: KnownIdentity, _ exchange: inout Exchange, _ owner: some CredentialPolicy
  ) -> Verdict {
    owner.identify(known.consumer, &exchange)
    withdraw(from: &exchange)
    return .proceed
  }

  private func refuse(_ reason: StaticString) -> Verdict {
    .deny(Denial(.credentialsInvalid, challenge: challenge, reason: reason))
  }
}
