import Client
import Runtime
import Synchronization

/// Sends requests for a thread that waits for the answers.
final class HTTPSender {
  /// Time for one request, in milliseconds.
  private static let milliseconds = 15_000

  private let client: Client
  private let origin: ClientOrigin
  private let target: String
  private let fields: [(name: String, value: String)]

  /// A sender to a URL, with these fields in each request; nil if that is no URL.
  init?(_ client: Client, url: String, fields: [(name: String, value: String)]) {
    guard let (origin, target) = ClientOrigin.split(url) else { return nil }
    self.client = client
    self.origin = origin
    self.target = target
    self.fields = fields
  }

  /// Sends content by POST; throws unless the answer says that it was taken.
  func post(
    _ body: [UInt8], suffix: String = "", fields more: [(name: String, value: String)]
  ) throws(OutletError) {
    let path = suffix.hasPrefix("/") && target.hasSuffix("/") ? String(target.dropLast()) : target
    var request = ClientRequest(
      "POST", origin, target: path + suffix, fields: fields + more, body: body)
    request.limits.wholeMilliseconds = HTTPSender.milliseconds
    request.limits.bodyBytesMax = 1 << 16
    switch answer(request) {
    case .failure(let error): throw OutletError("is not reached: \(error)")
    case .success(let response):
      if (200..<300).contains(response.status) { return }
      // What is wrong with these events stays wrong; everything else may pass.
      let isFinal =
        (400..<500).contains(response.status)
        && ![401, 403, 404, 408, 429].contains(response.status)
      let seconds = response.value("retry-after").flatMap { Int($0) }
      throw OutletError(
        "answers with status \(response.status)", isFinal: isFinal,
        retryMilliseconds: seconds.map { min(max($0, 1), 300) * 1000 })
    }
  }

  private final class Box: Sendable {
    let result = Mutex<Result<ClientResponse, ClientError>?>(nil)
  }

  private func answer(_ request: ClientRequest) -> Result<ClientResponse, ClientError> {
    guard let done = try? Wakeup() else { return .failure(.closed) }
    let (box, client) = (Box(), client)
    Task {
      let result: Result<ClientResponse, ClientError>
      do throws(ClientError) {
        result = .success(try await client.send(request))
      } catch {
        result = .failure(error)
      }
      box.result.withLock { $0 = result }
      done.notify()
    }
    while true {
      done.wait(milliseconds: 1000)
      if let result = box.result.withLock({ $0 }) { return result }
    }
  }
}
