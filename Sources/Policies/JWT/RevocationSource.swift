import PolicyKit
import Synchronization

/// A list of revoked tokens behind a URL, fetched every second and shared by all policies that name
/// it.
///
/// Without a list, or with one that is minutes old, nobody can say which tokens count: then none
/// does.
final class RevocationSource: RemoteDocument {
  private struct State {
    var revocations: TokenRevocations?
    var fetchedAt: UInt64 = 0
    var attemptedAt: UInt64?
    var isUnderWay = false
  }

  private static let refreshMilliseconds: UInt64 = 1_000
  static let staleMilliseconds: UInt64 = 120_000

  let url: String
  let authorities: TrustedAuthorities?
  let bytesMax = TokenRevocations.bytesMax
  private let state = Mutex(State())

  private let staleMilliseconds: UInt64

  /// A list behind `url`, that counts for so long.
  init(
    url: String, authorities: TrustedAuthorities? = nil,
    staleMilliseconds: UInt64 = RevocationSource.staleMilliseconds
  ) {
    self.url = url
    self.authorities = authorities
    self.staleMilliseconds = staleMilliseconds
  }

  /// The list that holds now; nil if there is none.
  func revocations(atMilliseconds now: UInt64) -> TokenRevocations? {
    state.withLock { state in
      guard now < state.fetchedAt || now - state.fetchedAt < staleMilliseconds else { return nil }
      return state.revocations
    }
  }

  func beginsFetch(atMilliseconds now: UInt64) -> Bool {
    state.withLock { state in
      if state.isUnderWay { return false }
      if let last = state.attemptedAt, now < last + RevocationSource.refreshMilliseconds {
        return false
      }
      state.isUnderWay = true
      state.attemptedAt = now
      return true
    }
  }

  func fetched(_ document: [UInt8], atMilliseconds now: UInt64) -> String? {
    let read = TokenRevocations(document)
    return state.withLock { state in
      state.isUnderWay = false
      guard let read else { return "this is no list of revoked tokens; the one before goes on" }
      state.revocations = read
      state.fetchedAt = now
      return nil
    }
  }

  func failed() { state.withLock { $0.isUnderWay = false } }
}
