import Base
import Client
import Crypto
import Formats
import Runtime
import TLS

/// Speaks to the admin API of a running gateway, as the commands for it do.
struct AdminConnection {
  /// What the API answered.
  struct Answer {
    let status: Int
    let tag: String?
    let body: JSONValue
  }

  /// Why there is no good answer, in words for whoever typed the command.
  struct Failure: Error {
    let message: String
  }

  /// Where the gateway is unless it is said: the admin listener's own default.
  private static let standard = "http://127.0.0.1:9901"
  private static let wholeMilliseconds = 60_000
  private static let bodyBytesMax = 16 * 1024 * 1024

  /// The options that say where the gateway is, and by which authorities it is known there.
  static let options = [
    Option("--admin", "URL", "the admin listener ($GATEHOUSE_ADMIN, or http://127.0.0.1:9901)"),
    Option(
      "--ca", "FILE", "the authorities of its certificate ($GATEHOUSE_CA, or the system's)"),
  ]
  /// Longest file of authorities, in bytes.
  private static let authorityBytesMax = 1024 * 1024

  private let origin: ClientOrigin
  private let token: String?
  private let tls: TLSClientContext?

  /// The gateway of the options or the environment. The token is never an argument, which every
  /// user of the machine could read.
  init(_ arguments: Arguments, in surroundings: Surroundings) throws(Failure) {
    let text =
      arguments.value("--admin") ?? surroundings.environment("GATEHOUSE_ADMIN")
      ?? AdminConnection.standard
    guard let (origin, _) = ClientOrigin.split(text) else {
      throw Failure(message: "'\(text)' is no http or https URL")
    }
    self.origin = origin
    token = surroundings.environment("GATEHOUSE_TOKEN")
    let path = arguments.value("--ca") ?? surroundings.environment("GATEHOUSE_CA")
    tls = try path.map { path throws(Failure) in try AdminConnection.trust(path) }
  }

  /// TLS to servers with certificates of the authorities in a file.
  private static func trust(_ path: String) throws(Failure) -> TLSClientContext {
    do {
      let bytes = try SystemFile.read(path, bytesMax: authorityBytesMax)
      let trust = try TrustStore(authorities: try Certificate.all(pem: bytes.span))
      return try TLSClientContext(TLSClientSettings(verification: .full(trust)))
    } catch {
      throw Failure(message: "\(path): \(error)")
    }
  }

  /// Sends a request and returns the answer, whose status is 2xx.
  func send(
    _ method: String, _ path: String, _ body: JSONValue? = nil, match: String? = nil
  ) throws(Failure) -> Answer {
    var fields: [(name: String, value: String)] = [(name: "accept", value: "application/json")]
    if let token { fields.append((name: "authorization", value: "Bearer \(token)")) }
    if let match { fields.append((name: "if-match", value: match)) }
    var content: [UInt8]?
    if let body {
      fields.append((name: "content-type", value: "application/json"))
      content = Array(body.serialized.utf8)
    } else if method == "POST" {
      content = []
    }
    var request = ClientRequest(method, origin, target: path, fields: fields, body: content)
    request.limits.wholeMilliseconds = AdminConnection.wholeMilliseconds
    request.limits.bodyBytesMax = AdminConnection.bodyBytesMax
    let response = try exchange(request)
    let value = (try? JSONValue(parsing: response.body, limits: .document)) ?? .null
    guard (200..<300).contains(response.status) else {
      let words = [value["title"]?.string, value["detail"]?.string].compactMap { $0 }
      let text = words.isEmpty ? "the gateway answers \(response.status)" : words[0]
      let detail = words.count > 1 ? " (\(words[1]))" : ""
      let hint =
        response.status == 401 && token == nil
        ? "; GATEHOUSE_TOKEN is not set, see 'gatehouse admin --help'" : ""
      throw Failure(message: text + detail + hint)
    }
    return Answer(status: response.status, tag: response.value("etag"), body: value)
  }

  /// Waits for the answer: a command has nothing else to do.
  private func exchange(_ request: ClientRequest) throws(Failure) -> ClientResponse {
    guard let client = try? Client(ClientConfiguration(egress: .any, tls: tls)),
      let mailbox = try? Mailbox<Result<ClientResponse, ClientError>>()
    else { throw Failure(message: "the system has no room for a connection") }
    Task {
      do throws(ClientError) {
        mailbox.post(.success(try await client.send(request)))
      } catch {
        mailbox.post(.failure(error))
      }
    }
    mailbox.wait()
    switch mailbox.take().first {
    case .success(let response): return response
    case .failure(let error):
      throw Failure(message: "the admin API at \(request.origin): \(error.description)")
    case nil: throw Failure(message: "the admin API gave no answer")
    }
  }

  /// A name as one segment of a path (RFC 3986 §3.3).
  static func segment(_ name: String) -> String {
    var text = ""
    for byte in name.utf8 {
      if ASCII.isUnreserved(byte) {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        text += "%" + (digits.count == 1 ? "0" + digits : digits)
      }
    }
    return text
  }
}
