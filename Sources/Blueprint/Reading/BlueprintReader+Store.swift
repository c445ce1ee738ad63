import Base
import Formats

extension BlueprintReader {
  func store(_ root: inout Settings) -> StoreBlueprint? {
    guard var settings = root.settings("store") else { return nil }
    let sqlite = settings.path("sqlite")
    let postgres = settings.text("postgres")
    let key = settings.text("master-key")
    let keyFile = settings.path("master-key-file")
    let token = self.token(&settings)
    let previous = settings.texts("previous-master-keys") ?? []
    let snapshot = settings.path("snapshot")
    if let key, !key.isSecret {
      settings.error(
        "the master key stands here in plain text",
        expected: "${env:NAME} or ${file:PATH}, or 'master-key-file'", at: key.position)
    }
    if [key != nil, keyFile != nil, settings.node("master-key-token") != nil]
      .count(where: { $0 }) > 1
    {
      settings.error(
        "more than one master key",
        expected: "one of 'master-key', 'master-key-file' and 'master-key-token'",
        at: settings.position)
    }
    if postgres != nil, key == nil, keyFile == nil, token == nil {
      settings.error(
        "'postgres' without a master key", expected: "'master-key' or 'master-key-file'",
        at: "postgres")
    }
    if snapshot != nil, postgres == nil {
      settings.error("'snapshot' without 'postgres'", at: "snapshot")
    }
    let database = database(sqlite, postgres, settings)
    settings.finish()
    return database.map {
      StoreBlueprint(
        database: $0, masterKey: key.map { .text($0) } ?? token ?? .file(keyFile),
        previousMasterKeys: previous, snapshotPath: snapshot, position: settings.position)
    }
  }

  private func token(_ root: inout Settings) -> StoreBlueprint.MasterKey? {
    guard var settings = root.settings("master-key-token") else { return nil }
    let module = settings.path("module")
    let token = settings.requiredText("token")
    let key = settings.requiredText("key")
    let pin = settings.requiredText("pin")
    if module == nil, settings.node("module") == nil {
      settings.error("'module' is missing", at: settings.position)
    }
    if let pin, !pin.isSecret {
      settings.error(
        "the PIN stands here in plain text", expected: "${env:NAME} or ${file:PATH}",
        at: pin.position)
    }
    settings.finish()
    guard let module, let token, let key, let pin else { return nil }
    return .token(module: module, token: token, key: key, pin: pin)
  }

  private func database(
    _ sqlite: Text?, _ postgres: Text?, _ settings: Settings
  ) -> StoreBlueprint.Database? {
    switch (sqlite, postgres) {
    case (let path?, nil): return .sqlite(path)
    case (nil, let url?):
      if url.string.hasPrefix("postgres://") || url.string.hasPrefix("postgresql://") {
        return .postgres(url)
      }
      settings.error(
        "'postgres' is no URL of PostgreSQL", expected: "postgres://user@host/database",
        at: url.position)
    case (nil, nil):
      settings.error(
        "no database", expected: "'sqlite', a file, or 'postgres', a URL", at: settings.position)
    default:
      settings.error(
        "both 'sqlite' and 'postgres'", expected: "one of them", at: settings.position)
    }
    return nil
  }

  /// Beyond this machine, the admin listener speaks TLS alone, and to those alone who show a token.
  func checkAdmin(of blueprint: Blueprint, _ settings: Settings) {
    let admin = blueprint.admin
    guard !admin.bind.address.isLoopback else { return }
    if admin.tls == nil {
      settings.error(
        "'admin' listens on \(admin.bind) without TLS",
        expected: "'tls' with a certificate, or a loopback address, such as 127.0.0.1:9901",
        at: admin.position)
    }
    if blueprint.store == nil {
      settings.error(
        "'admin' listens on \(admin.bind), and nobody is asked who he is",
        expected: "'store', which holds the administrators, or a loopback address",
        at: admin.position)
    }
    if admin.hosts.isEmpty {
      settings.error(
        "'admin' listens on \(admin.bind) and knows no name of its own",
        expected: "'hosts', the names that it is reached by", at: admin.position)
    }
  }
}
