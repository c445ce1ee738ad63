import Base
package import Runtime
import Synchronization

/// Sends requests by HTTP/1.1 and gives back whole responses; for everything but the data plane.
///
/// It has one thread with an event loop, keeps connections for the next request to the same
/// origin, follows no redirect, and connects to no address that its egress rule forbids.
///
///     let client = try Client(ClientConfiguration(egress: .publicOnly))
///     let response = try await client.send(ClientRequest("GET", origin, target: "/keys"))
package final class Client: Sendable {
  private let mailbox: Mailbox<ClientMessage>

  /// A client whose thread has begun.
  package init(_ configuration: ClientConfiguration) throws(SystemError) {
    let mailbox = try Mailbox<ClientMessage>()
    self.mailbox = mailbox
    try Thread.start(named: "client") {
      guard let loop = try? ClientLoop(configuration, mailbox: mailbox) else {
        return Client.refuseAll(mailbox)
      }
      loop.run()
    }
  }

  deinit { mailbox.post(.close) }

  /// Sends a request and returns the response to it, once that is complete.
  ///
  /// A request on a connection that turns out to be closed already is sent anew on another one,
  /// once, if sending it twice does no harm (RFC 9110 §9.2.2).
  package func send(_ request: ClientRequest) async throws(ClientError) -> ClientResponse {
    if let flaw = request.flaw { throw .badRequest(flaw) }
    let mailbox = mailbox
    let result: Result<ClientResponse, ClientError> = await withCheckedContinuation {
      mailbox.post(.send(request, $0))
    }
    return try result.get()
  }

  /// Without a loop nobody would ever answer.
  private static func refuseAll(_ mailbox: Mailbox<ClientMessage>) {
    while true {
      mailbox.wait()
      for message in mailbox.take() {
        switch message {
        case .send(_, let continuation):
          continuation.resume(returning: .failure(.unreachable("no event loop")))
        case .resolved: break
        case .close: return
        }
      }
    }
  }
}
