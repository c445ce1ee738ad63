import Control
import Detection
import Formats
import Foundation
import HTTP
import Runtime
import Storage
import Synchronization

/// An admin API over an empty store, asked without a network.
final class AdminBench {
  let api: AdminAPI
  let vault: Vault
  private let folder: URL
  /// Tokens by the name of who has them.
  private(set) var tokens: [String: String] = [:]

  static let password = "a long password of somebody"

  init(
    owned: FileOwned = FileOwned(), rules: AdminRules = AdminRules(),
    detection: @escaping @Sendable () -> DetectionEngine? = { nil }
  ) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "admin-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    guard let master = LocalMasterKey(bytes: [UInt8](repeating: 7, count: 32)) else {
      fatalError("32 bytes are a key")
    }
    let box = ClockBox()
    time = box
    vault = try Vault(
      try SQLiteStore.open(path: folder.appending(path: "test.db").path), masters: [master],
      clock: { box.now })
    let context = try AdminContext(
      vault: vault, owned: { owned }, lastUsed: { _ in nil }, rules: { rules })
    api = AdminAPI(
      context, queue: try WorkQueue(named: "test", threads: 1, waitingMax: 8),
      detection: detection)
  }

  deinit {
    vault.store.close()
    try? FileManager.default.removeItem(at: folder)
  }

  /// The time that the API sees.
  let time: ClockBox

  /// Sends a request in the name of somebody.
  func send(
    _ method: String, _ target: String, as name: String? = nil, _ body: JSONValue? = nil,
    token: String? = nil, match: String? = nil, fields: [(name: String, value: String)] = [],
    client: String = "127.0.0.1"
  ) -> AdminReply {
    let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
    var all = fields
    if let token = token ?? name.flatMap({ tokens[$0] }) {
      all.append((name: "authorization", value: "Bearer \(token)"))
    }
    if let match { all.append((name: "if-match", value: match)) }
    if body != nil { all.append((name: "content-type", value: "application/json")) }
    return AdminReply(
      api.answer(
        ServiceRequest(
          method: method, path: parts[0], query: parts.count > 1 ? parts[1] : "", fields: all,
          body: body.map { Array($0.serialized.utf8) } ?? [], client: client)))
  }

  /// Makes an owner called `owner`, who has a token from then on.
  func setUp() throws {
    guard let secret = try api.makeSetupSecret() else { fatalError("there is an owner already") }
    let made = send(
      "POST", "/v1/setup",
      ["secret": .string(secret), "name": "owner", "password": .string(AdminBench.password)])
    tokens["owner"] = made.body["token"]?.string
  }

  /// Makes an administrator of each role, called as the role is, who has a token.
  func addRoles() {
    for role in ["viewer", "operator", "security"] {
      _ = send(
        "POST", "/v1/administrators", as: "owner",
        [
          "name": .string(role), "role": .string(role),
          "password": .string(AdminBench.password),
        ])
      let session = send(
        "POST", "/v1/sessions",
        ["name": .string(role), "password": .string(AdminBench.password)])
      tokens[role] = session.body["token"]?.string
    }
  }
}

/// A clock that tests move.
final class ClockBox: Sendable {
  private let held = Mutex(1_900_000_000_000)
  var now: Int { held.withLock { $0 } }
  func advance(milliseconds: Int) { held.withLock { $0 += milliseconds } }
}

/// What the API answered.
struct AdminReply {
  let status: Int
  let body: JSONValue
  let fields: [(name: String, value: String)]

  init(_ response: ServiceResponse) {
    status = response.status
    fields = response.fields
    body = (try? JSONValue(parsing: response.body, limits: .document)) ?? .null
  }

  func field(_ name: String) -> String? { fields.first { $0.name == name }?.value }
  var tag: String? { field("etag") }
  /// The end of a problem's type.
  var problem: String? {
    body["type"]?.string.map { String($0.dropFirst("urn:gatehouse:problem:".count)) }
  }
}
