import Base
import Client
import Directory
import PolicyKit
import Runtime
import Synchronization
import Telemetry

/// Gets what policies lack: sends requests, and runs what takes long on threads that may wait.
///
/// Each need is settled by its deadline, whatever becomes of the work.
final class NeedKeeper: Sendable {
  private struct State {
    var open: [ObjectIdentifier: (need: Need, deadline: Instant)] = [:]
    var threads: NeedThreads?
    var counts: [String: NeedCounts] = [:]
  }

  private let state = Mutex(State())
  private let clients: OutboundClients

  /// Requests go by `clients`.
  init(_ clients: OutboundClients) { self.clients = clients }

  /// What came of needs so far, by policy.
  var counts: [NeedCounts] {
    state.withLock { $0.counts.values.sorted { $0.policy < $1.policy } }
  }

  /// Begins to get what a need asks for; from any thread.
  func begin(_ need: Need) {
    let deadline = Clock.monotonic.adding(milliseconds: need.milliseconds)
    state.withLock { $0.open[ObjectIdentifier(need)] = (need, deadline) }
    switch need.work {
    case .request(let url, let make):
      Task { [self] in
        guard let wanted = make(), let client = clients.client(wanted.authorities),
          let request = NeedKeeper.request(wanted, need.milliseconds)
        else { return end(need, .failed("\(url): it cannot be asked")) }
        end(need, await ask(client, request, url))
      }
    case .computation(let work): run(need) { .value(work()) }
    case .directory(let question):
      run(need) {
        do throws(DirectoryClient.Failure) {
          return .value(try DirectoryClient.ask(question))
        } catch {
          return .failed("\(question.url): \(error)")
        }
      }
    }
  }

  /// Works on a thread that may wait.
  private func run(_ need: Need, _ work: @escaping @Sendable () -> Need.Outcome) {
    guard let threads = threads() else { return end(need, .failed("no thread to work on")) }
    let isTaken = threads.run { [self] in
      // Nobody waits for what comes too late.
      if need.outcome == nil { end(need, work()) }
    }
    if !isTaken { end(need, .failed("too many wait in line")) }
  }

  /// Gives up what is over its time; to be called a few times a second.
  func expire(now: Instant) {
    let late = state.withLock { state in state.open.values.filter { $0.deadline <= now } }
    for (need, _) in late {
      end(need, .failed("no answer within \(need.milliseconds) ms"), isLate: true)
    }
  }

  private func end(_ need: Need, _ outcome: Need.Outcome, isLate: Bool = false) {
    // Whoever ends it first counts: what comes later finds nobody.
    guard state.withLock({ $0.open.removeValue(forKey: ObjectIdentifier(need)) }) != nil else {
      return
    }
    need.settle(outcome) { refined in
      let failure: String? = if case .failed(let reason) = refined { reason } else { nil }
      state.withLock { state in
        var counts = state.counts[need.policy] ?? NeedCounts(need.policy)
        if failure == nil {
          counts.met += 1
        } else if isLate {
          counts.timedOut += 1
        } else {
          counts.failed += 1
        }
        state.counts[need.policy] = counts
      }
      if let failure { ErrorLog.warning(failure) }
    }
  }

  private func ask(_ client: Client, _ request: ClientRequest, _ url: String) async -> Need.Outcome
  {
    do throws(ClientError) {
      let response = try await client.send(request)
      return .response(
        NeedResponse(status: response.status, fields: response.fields, body: response.body))
    } catch {
      return .failed("\(url): \(error)")
    }
  }

  private func threads() -> NeedThreads? {
    state.withLock { state in
      if state.threads == nil { state.threads = try? NeedThreads() }
      return state.threads
    }
  }

  private static func request(_ wanted: NeedRequest, _ milliseconds: Int) -> ClientRequest? {
    guard let (origin, target) = ClientOrigin.split(wanted.url) else { return nil }
    var request = ClientRequest(
      wanted.method, origin, target: target, fields: wanted.fields, body: wanted.body)
    request.limits.bodyBytesMax = wanted.bytesMax
    request.limits.wholeMilliseconds = milliseconds
    request.limits.connectionsMax = 64
    request.limits.idleConnectionsMax = 64
    return request
  }
}
