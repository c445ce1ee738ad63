import Blueprint
import Crypto
import Runtime

/// `gatehouse init`: a folder with a configuration that can be run at once.
struct InitCommand: Subcommand {
  static let name = "init"
  static let summary = "writes a configuration with safe defaults, a certificate and an API key"
  static let options = [
    Option("--upstream", "URL", "the API to protect (http://127.0.0.1:3000)"),
    Option("--openapi", "FILE", "the API's description: what it allows gets through"),
    Option("--directory", "FOLDER", "where the files go; made if missing (this folder)"),
    Option(
      "--demo", "made for 'gatehouse demo'; the key, a secret and a password are written to files"),
    Option("--keep-authority-key", "writes certs/ca.key, to sign more certificates with"),
    Option("--force", "replaces files that exist"),
  ]
  static let details = """
      Writes gatehouse.yaml, and below certs/ a development authority (ca.pem) with a
      certificate for localhost (api.pem, api.key). The API key is printed once; the
      configuration holds its hash.
    """

  private var template: ConfigurationTemplate
  private let descriptionPath: String?
  private let folder: Folder
  private let folderPath: String
  private let isDemo: Bool
  private let keepsAuthorityKey: Bool
  private let replaces: Bool

  init(_ arguments: Arguments) throws(UsageError) {
    isDemo = arguments.has("--demo")
    keepsAuthorityKey = arguments.has("--keep-authority-key")
    replaces = arguments.has("--force")
    folderPath = arguments.value("--directory") ?? ""
    folder = Folder(folderPath)
    let upstream = arguments.value("--upstream")
    descriptionPath = arguments.value("--openapi")
    if isDemo, descriptionPath != nil {
      throw UsageError("--demo has a description of its own: leave out --openapi")
    }
    if isDemo, upstream != nil {
      throw UsageError("--demo has an upstream of its own: leave out --upstream")
    }
    template = ConfigurationTemplate(
      upstream: upstream ?? "http://127.0.0.1:3000", isDemo: isDemo)
    if let problem = template.problem { throw UsageError(problem) }
  }

  /// A file to write.
  private struct File {
    let path: String
    let bytes: [UInt8]
    var isSecret = false
  }

  func run(in surroundings: Surroundings) -> Int32 {
    guard let descriptionPath else { return make(in: surroundings) }
    var command = self
    switch DescriptionFile.read(descriptionPath) {
    case .failure(let problem):
      surroundings.complain("gatehouse: \(problem)\n")
      return 2
    case .success(let outline):
      let path =
        folderPath.isEmpty ? descriptionPath : DescriptionFile.absolute(descriptionPath)
      command.template.description = (path, outline)
      return command.make(in: surroundings)
    }
  }

  private func make(in surroundings: Surroundings) -> Int32 {
    let key: NewKey
    let files: [File]
    var command = self
    do {
      key = try NewKey()
      if isDemo { command.template.identity = try DemoIdentity() }
      files = try command.files(key: key, nowUnixSeconds: surroundings.nowUnixSeconds())
    } catch {
      surroundings.complain("gatehouse: \(error)\n")
      return 1
    }
    let taken = replaces ? [] : files.map(\.path).filter { SystemFile.isThere(folder.path($0)) }
    if !taken.isEmpty {
      for path in taken {
        surroundings.complain("gatehouse: \(folder.path(path)) exists already\n")
      }
      surroundings.complain("Nothing was written; --force replaces what is there.\n")
      return 1
    }
    if let problem = write(files) {
      surroundings.complain("gatehouse: \(problem)\n")
      return 1
    }
    surroundings.print(report(files, key: key))
    return 0
  }

  /// All files; the configuration comes last, so that where it is, all is.
  private func files(key: NewKey, nowUnixSeconds: Int64) throws -> [File] {
    let authority = try DevelopmentAuthority(
      commonName: "Gatehouse development authority", nowUnixSeconds: nowUnixSeconds)
    let pair = try authority.issue(
      names: ["localhost", "127.0.0.1", "::1"], nowUnixSeconds: nowUnixSeconds)
    var files = [
      File(path: "certs/ca.pem", bytes: authority.certificate.pem),
      File(path: "certs/api.pem", bytes: pair.certificate.pem),
      File(path: "certs/api.key", bytes: try pair.privateKey.pem(), isSecret: true),
    ]
    if keepsAuthorityKey {
      let bytes = try authority.privateKey.pem()
      files.append(File(path: "certs/ca.key", bytes: bytes, isSecret: true))
    }
    if isDemo {
      files.append(File(path: "key.txt", bytes: Array((key.key + "\n").utf8), isSecret: true))
    }
    if let identity = template.identity {
      files.append(
        File(
          path: "client-secret.txt", bytes: Array((identity.secret.key + "\n").utf8),
          isSecret: true))
      files.append(
        File(path: "password.txt", bytes: Array((identity.password + "\n").utf8), isSecret: true))
    }
    let text = template.text(keyHash: key.hash)
    files.append(File(path: "gatehouse.yaml", bytes: Array(text.utf8)))
    return files
  }

  /// Writes all files or none; returns what went wrong.
  private func write(_ files: [File]) -> String? {
    var path = folder.path("certs")
    var written: [String] = []
    do throws(FileError) {
      try SystemFile.makeFolder(path)
      for file in files {
        path = folder.path(file.path)
        try SystemFile.write(
          file.bytes, to: path, permissions: file.isSecret ? 0o600 : 0o644, replacing: replaces)
        written.append(path)
      }
      return nil
    } catch {
      // What was there before is gone if it was to be replaced; else only what is new goes.
      if !replaces { for path in written { try? SystemFile.remove(path) } }
      return "\(path) \(error)"
    }
  }

  private func report(_ files: [File], key: NewKey) -> String {
    var text = "Written:\n"
    for file in files { text += "  \(folder.path(file.path))\n" }
    text += "\nThe API key of the consumer '\(template.consumer)', which is shown this once:\n"
    text += "\n  \(key.key)\n\nNext:\n\n"
    if !folderPath.isEmpty { text += "  cd \(folderPath)\n" }
    text += """
        gatehouse check
        gatehouse run
        curl --cacert certs/ca.pem -H 'X-API-Key: \(key.key)' https://localhost:8443/

      """
    return text
  }
}
