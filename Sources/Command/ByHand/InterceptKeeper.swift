import Client
import Scanner
import Synchronization

/// The recording of a proxy, which several requests are added to at once.
final class InterceptKeeper: Sendable {
  private let recording = Mutex(HARRecording())

  func add(_ request: InterceptedRequest, _ answer: ClientResponse?, at time: String) {
    recording.withLock { $0.add(request, answer, at: time) }
  }

  var text: String { recording.withLock { $0.text } }
  var count: Int { recording.withLock { $0.count } }
}
