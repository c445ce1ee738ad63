import Crypto
import Formats
import Foundation
import HTTP
import Storage
import Testing

@testable import Blueprint
@testable import Identity

@Suite final class PasswordDeskTests {
  private let vault: Vault
  private let context: IdentityContext
  private let folder: URL

  private static let password = "a long password of somebody"
  /// What no release has ever taken: quick, and so outdated.
  private static let cheap = Argon2id(memoryKibibytes: 64, passes: 1, lanes: 1)

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "identity-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let master = try #require(LocalMasterKey(bytes: [UInt8](repeating: 7, count: 32)))
    vault = try Vault(
      SQLiteStore.open(path: folder.appending(path: "test.db").path), masters: [master],
      clock: { 1_790_000_000_000 })
    let issuer = try #require(IssuerBlueprint("https://login.example.com"))
    context = try IdentityContext(
      IdentityBlueprint(
        issuer: issuer, lifetimes: .init(), rotation: .init(), apis: [], clients: [], users: [],
        position: .start),
      vault: vault)
  }

  deinit {
    vault.store.close()
    try? FileManager.default.removeItem(at: folder)
  }

  private func plant(_ name: String, _ hash: PasswordHash) throws {
    try vault.commit([
      .put(
        StoredKinds.user, name,
        JSONValue.object([
          JSONMember("name", .string(name)), JSONMember("password", .string(hash.text)),
        ]),
        indexes: [IndexValue("name", try UserDirectory.index(name, vault), isUnique: true)])
    ])
  }

  private func kept(_ name: String) throws -> String? {
    try vault.record(StoredKinds.user, name)?.body["password"]?.string
  }

  private func enter(_ name: String, _ password: String) throws -> Bool {
    let request = ServiceRequest(
      method: "POST", path: "/sign-in", query: "", fields: [], body: [], client: "192.0.2.1")
    let call = IdentityCall(
      request: request, endpoint: .signIn, settings: context.settings, now: vault.now)
    guard case .right = try PasswordDesk(context).check(name: name, password: password, call)
    else { return false }
    return true
  }

  // SEC-02.
  @Test func `A hash of another cost is made anew at the next login, and no sooner`() throws {
    let old = try PasswordHash(of: Self.password, cost: Self.cheap)
    try plant("erna", old)
    #expect(try !enter("erna", "a wrong password"))
    #expect(try kept("erna") == old.text)
    #expect(try enter("erna", Self.password))
    let new = try #require(try kept("erna").flatMap { PasswordHash($0) })
    #expect(new.text != old.text)
    #expect(!new.isOutdated())
    #expect(new.matches(Self.password))
    #expect(try enter("ERNA", Self.password))
    #expect(try kept("erna") == new.text)
  }
}
