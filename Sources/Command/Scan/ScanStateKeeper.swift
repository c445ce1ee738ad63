import Runtime
import Scanner
import Synchronization

/// Writes down how far a scan has come, after each check.
final class ScanStateKeeper: Sendable {
  private let path: String?
  private let current: Mutex<ScanState>

  /// What an earlier scan has left at `path` is where this one goes on.
  init(path: String?) {
    self.path = path
    let bytes = path.flatMap { try? SystemFile.read($0, bytesMax: ScanInputs.fileBytesMax) }
    current = Mutex(bytes.flatMap { ScanState($0) } ?? ScanState())
  }

  var state: ScanState { current.withLock { $0 } }

  func take(_ event: ScanEvent) {
    guard let path else { return }
    switch event {
    case .found(let finding): current.withLock { $0.findings.append(finding) }
    case .done(let name):
      let text = current.withLock { state in
        state.done.append(name)
        return state.text
      }
      try? SystemFile.write(Array(text.utf8), to: path, replacing: true)
    case .began, .check, .ended: break
    }
  }
}
