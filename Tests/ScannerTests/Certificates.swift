import Client
import Crypto
import Foundation
import TLS

/// A certificate authority for tests, and what it signs: a server on loopback, and clients.
final class Certificates {
  let folder: URL

  init(clients: [String]) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "gh-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try openssl(
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
      "2", "-subj", "/CN=Test authority", "-keyout", path("ca.key"), "-out", path("ca.pem"))
    for name in ["server"] + clients {
      try openssl(
        "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
        "/CN=\(name)", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", path("\(name).key"),
        "-out", path("\(name).csr"))
      try openssl(
        "x509", "-req", "-in", path("\(name).csr"), "-CA", path("ca.pem"), "-CAkey",
        path("ca.key"), "-days", "2", "-copy_extensions", "copy", "-out", path("\(name).pem"))
    }
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  private func path(_ name: String) -> String { folder.appending(path: name).path }

  private func openssl(_ arguments: String...) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CocoaError(.featureUnsupported) }
  }

  /// A client that believes anybody and shows the certificate of `name`; none if that is nil.
  func client(_ name: String?) throws -> Client {
    var settings = TLSClientSettings(verification: .insecure)
    if let name {
      settings.certifiedKey = try CertifiedKey(
        certificatePEM: Array(Data(contentsOf: folder.appending(path: "\(name).pem"))),
        keyPEM: Array(Data(contentsOf: folder.appending(path: "\(name).key"))),
        nowUnixSeconds: Int64(Date().timeIntervalSince1970))
    }
    return try Client(ClientConfiguration(egress: .any, tls: TLSClientContext(settings)))
  }
}
