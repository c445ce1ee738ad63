import Crypto
import PolicyKit
import Synchronization

/// The needs of one policy that are being got, by what they are about: those that lack the same
/// wait for the same.
final class PendingNeeds: Sendable {
  /// More at once than any server answers in time.
  static let countMax = 1024

  private let open = Mutex<[Digest256: Need]>([:])
  private let policy: String

  /// None yet, of a policy of this type.
  init(of policy: any Policy.Type) { self.policy = policy.manifest.name }

  /// The need about `subject`, made if there is none; nil if too many are open.
  ///
  /// `refine` makes of what came what the policy keeps.
  func need(
    about subject: Digest256, of owner: AnyObject, milliseconds: Int, _ work: Need.Work,
    refine: @escaping @Sendable (Need.Outcome) -> Need.Outcome
  ) -> Need? {
    open.withLock { open in
      if let known = open[subject] { return known }
      guard open.count < PendingNeeds.countMax else { return nil }
      let need = Need(
        owner: ObjectIdentifier(owner), policy: policy, subject: subject.words, work: work,
        milliseconds: milliseconds
      ) { [weak self] outcome in
        let refined = refine(outcome)
        self?.forget(subject)
        return refined
      }
      open[subject] = need
      return need
    }
  }

  private func forget(_ subject: Digest256) { open.withLock { $0[subject] = nil } }
}
