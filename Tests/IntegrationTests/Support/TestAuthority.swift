import Foundation

/// An authority that `openssl` makes in a folder of its own, with what it issues and revokes.
final class TestAuthority {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "authority-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data().write(to: folder.appending(path: "index.txt"))
    try Data("1000\n".utf8).write(to: folder.appending(path: "crlnumber"))
    let settings = """
      [ca]
      default_ca = test
      [test]
      database = index.txt
      crlnumber = crlnumber
      default_md = sha256
      default_crl_days = 2
      certificate = ca.pem
      private_key = ca.key
      """
    try Data(settings.utf8).write(to: folder.appending(path: "ca.cnf"))
    try openssl(
      "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem "
        + "-days 2 -subj /CN=test-authority -addext keyUsage=critical,keyCertSign,cRLSign")
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Makes `name.pem` and `name.key`, good for servers or for clients.
  func issue(_ name: String, forClients: Bool = false) throws {
    try openssl(
      "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout \(name).key "
        + "-out \(name).csr -subj /CN=\(name) -addext subjectAltName=DNS:\(name) "
        + "-addext extendedKeyUsage=\(forClients ? "clientAuth" : "serverAuth")")
    try openssl(
      "x509 -req -in \(name).csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 "
        + "-copy_extensions copyall -out \(name).pem")
  }

  /// Puts a certificate on the list of the revoked; `publish` makes it known.
  func revoke(_ name: String) throws { try openssl("ca -config ca.cnf -revoke \(name).pem") }

  /// Writes the list anew, `crl.pem`.
  func publish() throws { try openssl("ca -config ca.cnf -gencrl -out crl.pem") }

  /// The path of a file in the folder.
  func path(_ file: String) -> String { folder.appending(path: file).path }

  /// The answer that `curl` gets for `/`, by the name `name` and with more arguments; its body's
  /// first line, or what went wrong.
  func fetch(
    _ name: String, port: UInt16, _ more: [String] = []
  ) throws -> (status: Int, output: String) {
    let result = try Command.run(
      URL(filePath: "/usr/bin/curl"),
      [
        "-sS", "--http1.1", "--cacert", "ca.pem", "-m", "10", "-w", "\n%{http_code}",
        "--connect-to", "\(name):443:127.0.0.1:\(port)",
      ] + more + ["https://\(name)/"], in: folder)
    let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
    return (Int(lines.last ?? "") ?? 0, result.output)
  }

  @discardableResult
  func openssl(_ arguments: String) throws -> String {
    let words = arguments.split(separator: " ").map(String.init)
    let result = try Command.run(URL(filePath: "/usr/bin/openssl"), words, in: folder)
    guard result.status == 0 else { throw AuthorityError.failed(result.output) }
    return result.output
  }
}

/// A command of `openssl` failed.
enum AuthorityError: Error {
  case failed(String)
}
