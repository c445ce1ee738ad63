import JOSE
import PolicyKit
import Synchronization

/// The keys of one issuer, as they were last fetched; shared by all policies that name its URL.
final class KeySetSource: RemoteDocument {
  private let address: Mutex<String>
  let bytesMax = JSONWebKeySet.bytesMax
  let authorities: TrustedAuthorities?
  private let state: Mutex<KeySetState>
  /// The state's generation, to be read without its lock.
  private let generationNow = Atomic<UInt32>(0)

  init(url: String, authorities: TrustedAuthorities? = nil, timing: KeySetState.Timing) {
    self.authorities = authorities
    address = Mutex(url)
    state = Mutex(KeySetState(timing))
  }

  /// Where the set is; empty as long as that is not known.
  var url: String { address.withLock { $0 } }

  /// The set is at another address from now on.
  func moved(to url: String) { address.withLock { $0 = url } }

  /// Changes whenever the keys do.
  var generation: UInt32 { generationNow.load(ordering: .acquiring) }

  /// The keys that hold now, and which they are; nil if there are none.
  func keys(atMilliseconds now: UInt64) -> (keys: [JSONWebKey], generation: UInt32)? {
    state.withLock { state in state.keys(at: now).map { ($0.keys, state.generation) } }
  }

  /// A token named a key that is not among them.
  func keyIsUnknown() { state.withLock { $0.keyIsUnknown() } }

  func beginsFetch(atMilliseconds now: UInt64) -> Bool {
    !url.isEmpty && state.withLock { $0.beginsFetch(at: now) }
  }

  func fetched(_ document: [UInt8], atMilliseconds now: UInt64) -> String? {
    state.withLock { state in
      do throws(JWKError) {
        try state.fetched(document, at: now)
        generationNow.store(state.generation, ordering: .releasing)
        return nil
      } catch {
        return error.description
      }
    }
  }

  func failed() { state.withLock { $0.failed() } }
}
