import Crypto
import HTTP
import PolicyKit

/// What `basic` and `ldap` have in common: who shows a name and a password is looked up in what is
/// remembered, and else asked for in the slow way.
final class PasswordDesk: Sendable {
  /// Who it is; nil for a wrong name or password, between which nobody can tell.
  struct Answer: Sendable {
    let consumer: Consumer?
  }

  let challenge: StaticString = "Basic realm=\"gatehouse\", charset=\"UTF-8\""
  private let memory: PasswordMemory
  private let keeps: Bool
  private let milliseconds: Int
  private let pending = PendingNeeds()

  init(
    rightMilliseconds: Int, wrongMilliseconds: Int, milliseconds: Int, keeps: Bool
  ) {
    memory = PasswordMemory(
      rightMilliseconds: rightMilliseconds, wrongMilliseconds: wrongMilliseconds)
    self.milliseconds = milliseconds
    self.keeps = keeps
  }

  /// Takes the credentials out of the request.
  func withdraw(from exchange: inout Exchange) {
    if keeps { return }
    if case .none = PasswordCredentials.find(exchange.request.fields) { return }
    exchange.request.fields.remove(.authorization)
  }

  /// Decides on a request of `owner`. `work` is the slow way, and `read` what its outcome means;
  /// nil if it means nothing.
  func review(
    _ exchange: inout Exchange, _ owner: AnyObject,
    _ work: (_ name: String, _ password: String) -> Need.Work,
    _ read: @escaping @Sendable (_ outcome: Need.Outcome, _ name: String) -> Need.Outcome
  ) -> Verdict {
    switch PasswordCredentials.find(exchange.request.fields) {
    case .none: return .deny(Denial(.credentialsRequired, challenge: challenge))
    case .malformed: return refuse("the credentials are malformed, or a part of them is empty")
    case .pair(let name, let password):
      let now = exchange.wallMilliseconds
      guard let digest = memory.digest(name, password) else {
        return .deny(Denial(.internalError, reason: "no random bytes"))
      }
      switch memory.find(digest, nowMilliseconds: now) {
      case .right(let consumer): return accept(consumer, &exchange)
      case .wrong: return refuse("the name or the password is wrong")
      case nil: break
      }
      switch exchange.outcome(of: ObjectIdentifier(owner), about: digest.words) {
      case .value(let value):
        guard let answer = value as? Answer else { return .deny(Denial(.internalError)) }
        return answer.consumer.map { accept($0, &exchange) }
          ?? refuse("the name or the password is wrong")
      case .failed, .response:
        return .deny(
          Denial(
            .upstreamUnavailable, retryAfterSeconds: 1, reason: "the password cannot be checked"))
      case nil: break
      }
      let memory = self.memory
      let need = pending.need(
        about: digest, of: owner, milliseconds: milliseconds, work(name, password)
      ) { outcome in
        let meant = read(outcome, name)
        if case .value(let value) = meant, let answer = value as? Answer {
          memory.keep(answer.consumer, digest, nowMilliseconds: now)
        }
        return meant
      }
      guard let need else { return .deny(Denial(.overloaded, reason: "too many passwords wait")) }
      return .wait(for: need)
    }
  }

  private func accept(_ consumer: Consumer, _ exchange: inout Exchange) -> Verdict {
    exchange.consumer = consumer
    withdraw(from: &exchange)
    return .proceed
  }

  private func refuse(_ reason: StaticString) -> Verdict {
    .deny(Denial(.credentialsInvalid, challenge: challenge, reason: reason))
  }
}
