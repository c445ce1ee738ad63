import Foundation
import Synchronization

/// Clients that ask again and again, some over kept connections, until they are told to stop.
final class SteadyLoad: Sendable {
  private struct State {
    var isStopped = false
    var running = 0
    var requests = 0
    var failures: [String] = []
  }

  private let port: UInt16
  private let state = Mutex(State())

  /// `keeping` clients that keep their connections, `changing` that open one for each request.
  init(port: UInt16, keeping: Int, changing: Int) {
    self.port = port
    for number in 0..<keeping + changing {
      state.withLock { $0.running += 1 }
      Thread.detachNewThread { [self] in
        while !state.withLock({ $0.isStopped }) { visit(keeps: number < keeping) }
        state.withLock { $0.running -= 1 }
      }
    }
  }

  var requests: Int { state.withLock { $0.requests } }

  /// Waits until so many more requests were answered.
  func proceed(_ count: Int) throws {
    let goal = requests + count
    try Waiting.until("\(count) requests") { requests >= goal }
  }

  /// Stops all clients; what went wrong.
  func stop() throws -> [String] {
    state.withLock { $0.isStopped = true }
    try Waiting.until("the clients") { state.withLock { $0.running } == 0 }
    return state.withLock { $0.failures }
  }

  /// Asks over one connection, as long as that is kept.
  private func visit(keeps: Bool) {
    var count = 0
    do {
      let client = try Client(port: port)
      while !state.withLock({ $0.isStopped }) {
        let answer = try client.request("GET", "/x", keeps ? [] : ["Connection: close"])
        count += 1
        state.withLock { state in
          state.requests += 1
          if answer.status != 200 { state.failures.append("status \(answer.status)") }
        }
        if answer.fields["connection"] == "close" { return }
      }
    } catch {
      state.withLock { $0.failures.append("request \(count) of a connection: \(error)") }
    }
  }
}
