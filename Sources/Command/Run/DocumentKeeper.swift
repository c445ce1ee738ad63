import Base
import Client
import PolicyKit
import Runtime
import Synchronization
import Telemetry

/// Fetches the documents that policies need, such as issuers' keys, in the background.
///
/// Each document says itself when it is due, so that no request makes one be fetched more often.
final class DocumentKeeper: Sendable {
  private struct State {
    var documents: [any RemoteDocument] = []
    /// Documents for which a first answer, good or bad, has not come yet.
    var awaited: Set<ObjectIdentifier> = []
  }

  /// Time for one document, in milliseconds: an issuer that is slower is as good as none.
  private static let fetchMilliseconds = 10_000

  private let state = Mutex(State())
  private let clients: OutboundClients

  /// Documents are asked for by `clients`.
  init(_ clients: OutboundClients) { self.clients = clients }

  /// Replaces the documents that are looked after by those of a configuration.
  func keep(_ policies: CompiledPolicies) {
    var found: [ObjectIdentifier: any RemoteDocument] = [:]
    for policy in policies.perRoute.joined() {
      guard let policy = policy as? any DocumentPolicy else { continue }
      for document in policy.documents { found[ObjectIdentifier(document)] = document }
    }
    let documents = found
    state.withLock { state in
      let known = Set(state.documents.map { ObjectIdentifier($0) })
      state.awaited = state.awaited.intersection(documents.keys)
        .union(documents.keys.filter { !known.contains($0) })
      state.documents = Array(documents.values)
    }
    refresh(now: Clock.monotonic)
  }

  /// Whether a document was asked for that nobody has answered yet.
  var isWaiting: Bool { state.withLock { !$0.awaited.isEmpty } }

  /// Begins to fetch what is due.
  func refresh(now: Instant) {
    let documents = state.withLock { $0.documents }
    for document in documents where document.beginsFetch(atMilliseconds: now.milliseconds) {
      guard let client = clients.client(document.authorities),
        let request = DocumentKeeper.request(document)
      else {
        end(document, "it cannot be asked for")
        continue
      }
      Task { [self] in await fetch(document, request, client) }
    }
  }

  private func fetch(
    _ document: any RemoteDocument, _ request: ClientRequest, _ client: Client
  ) async {
    do throws(ClientError) {
      let response = try await client.send(request)
      // A redirect is no document: where it leads was not configured (JWT-13).
      guard response.status == 200 else {
        return end(document, "the answer has status \(response.status)")
      }
      let flaw = document.fetched(
        response.body, atMilliseconds: Clock.monotonic.milliseconds)
      answered(document)
      if let flaw { ErrorLog.warning("\(document.url): \(flaw)") }
    } catch {
      end(document, error.description)
    }
  }

  private func end(_ document: any RemoteDocument, _ reason: String) {
    document.failed()
    answered(document)
    ErrorLog.warning("\(document.url): \(reason)")
  }

  private func answered(_ document: any RemoteDocument) {
    state.withLock { _ = $0.awaited.remove(ObjectIdentifier(document)) }
  }

  private static func request(_ document: any RemoteDocument) -> ClientRequest? {
    guard let (origin, target) = ClientOrigin.split(document.url) else { return nil }
    var request = ClientRequest(
      "GET", origin, target: target, fields: [("accept", "application/json")])
    request.limits.bodyBytesMax = document.bytesMax
    request.limits.wholeMilliseconds = fetchMilliseconds
    return request
  }
}

extension Instant {
  /// In whole milliseconds.
  fileprivate var milliseconds: UInt64 { nanoseconds / 1_000_000 }
}
