import Foundation

/// Speaks to the admin API of a running gateway.
final class AdminClient {
  /// The owner's.
  let token: String
  private let port: UInt16

  static let password = "a long password of the owner"

  /// Makes an owner with the secret that the gateway printed.
  init(settingUp gateway: RunningGateway) throws {
    port = gateway.adminPort
    let messages = gateway.messages
    guard let start = messages.range(of: "setup secret: ")?.upperBound else {
      throw GatewayError.late("a setup secret: \(messages)")
    }
    let secret = String(messages[start...].prefix { !$0.isWhitespace })
    let answer = try AdminClient.send(
      port, nil, "POST", "/v1/setup",
      ["secret": secret, "name": "owner", "password": AdminClient.password], match: nil)
    guard let token = answer.object["token"] as? String else {
      throw GatewayError.late("an owner: \(answer.body)")
    }
    self.token = token
  }

  /// Speaks to another gateway of the same store.
  init(of gateway: RunningGateway, token: String) {
    port = gateway.adminPort
    self.token = token
  }

  func send(
    _ method: String, _ path: String, _ body: [String: Any]? = nil, match: String? = nil
  ) throws -> Answer {
    try AdminClient.send(port, token, method, path, body, match: match)
  }

  private static func send(
    _ port: UInt16, _ token: String?, _ method: String, _ path: String, _ body: [String: Any]?,
    match: String?
  ) throws -> Answer {
    var fields: [String] = []
    if let token { fields.append("Authorization: Bearer \(token)") }
    if let match { fields.append("If-Match: \(match)") }
    var content = ""
    if let body {
      content = String(decoding: try JSONSerialization.data(withJSONObject: body), as: UTF8.self)
      fields.append("Content-Type: application/json")
    }
    if method != "GET" { fields.append("Content-Length: \(content.utf8.count)") }
    return try Client(port: port).request(method, path, fields, body: content, host: "localhost")
  }
}

extension Answer {
  /// The content as an object; empty if it is none.
  var object: [String: Any] {
    (try? JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]) ?? [:]
  }
}
