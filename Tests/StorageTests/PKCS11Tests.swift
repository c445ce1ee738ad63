import Crypto
import Formats
import Foundation
import Storage
import Testing

/// A master key on a token, which SoftHSM plays.
@Suite(.serialized) struct PKCS11Tests {
  private static let module = "/usr/lib/softhsm/libsofthsm2.so"

  /// A token with one AES key of 256 bits, in a folder of its own.
  private func makeToken() throws -> PKCS11MasterKey.Place {
    let folder = FileManager.default.temporaryDirectory.appending(path: "hsm-\(UUID())")
    let tokens = folder.appending(path: "tokens")
    try FileManager.default.createDirectory(at: tokens, withIntermediateDirectories: true)
    let configuration = folder.appending(path: "softhsm2.conf")
    try Data("directories.tokendir = \(tokens.path)\nobjectstore.backend = file\n".utf8)
      .write(to: configuration)
    // Safety: no other thread reads the environment at this time.
    _ = unsafe setenv("SOFTHSM2_CONF", configuration.path, 1)
    try run(
      "softhsm2-util",
      ["--init-token", "--free", "--label", "vault", "--pin", "123456", "--so-pin", "654321"])
    try run(
      "pkcs11-tool",
      [
        "--module", PKCS11Tests.module, "--login", "--pin", "123456", "--token-label", "vault",
        "--keygen", "--key-type", "AES:32", "--label", "master",
      ])
    return PKCS11MasterKey.Place(
      module: PKCS11Tests.module, token: "vault", key: "master", pin: "123456")
  }

  private func run(_ program: String, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/\(program)")
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(program)")
  }

  /// One test, since a process loads the library once, with the tokens that it finds then.
  @Test func `A key that never leaves its token wraps the keys of a store`() throws {
    let place = try makeToken()
    let master = try PKCS11MasterKey(place)
    let data = SymmetricKey([UInt8](repeating: 9, count: 32))
    let wrapped = try master.wrap(data, context: "purpose 1")
    #expect(wrapped.count == 12 + 32 + 16)
    #expect(try master.wrap(data, context: "purpose 1") != wrapped)
    let opened = try master.unwrap(wrapped, context: "purpose 1")
    #expect(opened.withBytes { $0[31] } == 9)
    #expect(throws: StoreError.self) { try master.unwrap(wrapped, context: "purpose 2") }
    var changed = wrapped
    changed[20] ^= 1
    #expect(throws: StoreError.self) { try master.unwrap(changed, context: "purpose 1") }

    // A store goes over to the token and back, while it is open.
    let made = try StoreBench.sqlite.make()
    let local = try #require(LocalMasterKey(bytes: [UInt8](repeating: 1, count: 32)))
    try Vault(made.store, masters: [local], clock: { 1 }).commit([.put("thing", "a", ["x": 1])])
    let vault = try Vault(made.store, masters: [master, local], clock: { 1 })
    try vault.rotateKeys()
    let alone = try Vault(made.store, masters: [master], clock: { 1 })
    #expect(try alone.record("thing", "a")?.body["x"]?.integer == 1)
    #expect(throws: StoreError.self) { try Vault(made.store, masters: [local], clock: { 1 }) }

    for wrong in [
      PKCS11MasterKey.Place(module: "/no/such.so", token: "vault", key: "master", pin: "123456"),
      PKCS11MasterKey.Place(
        module: PKCS11Tests.module, token: "other", key: "master", pin: "123456"),
      PKCS11MasterKey.Place(
        module: PKCS11Tests.module, token: "vault", key: "other", pin: "123456"),
    ] {
      #expect(throws: StoreError.self) { try PKCS11MasterKey(wrong) }
    }
  }
}
