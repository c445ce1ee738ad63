import Base
import Client
import Crypto
import FoundationEssentials
import Runtime
import Scanner

/// `gatehouse intercept`: a proxy on loopback that records what goes through it.
struct InterceptCommand: Subcommand {
  static let name = "intercept"
  static let summary = "records what goes through a proxy on loopback, TLS too, as HAR"
  static let options = [
    Option("--port", "NUMBER", "where to listen on 127.0.0.1 (8888)"),
    Option("--har", "FILE", "where the recording goes (recording.har)"),
    Option("--authority", "FOLDER", "where the proxy's own authority is kept (gatehouse.local)"),
    Option("--insecure", "believes any certificate of the servers behind it"),
  ]
  static let details = """
      A client that is to be recorded uses http://127.0.0.1:8888 as its proxy and believes
      FOLDER/intercept-ca.pem; nothing else must. Ctrl-C writes the recording and ends.
      gatehouse scan --openapi recording.har scans what was recorded.
    """

  private let port: UInt16
  private let path: String
  private let folder: String
  private let isInsecure: Bool

  init(_ arguments: Arguments) throws(UsageError) {
    guard let port = UInt16(arguments.value("--port") ?? "8888") else {
      throw UsageError("--port must be a number up to 65535")
    }
    self.port = port
    path = arguments.value("--har") ?? "recording.har"
    folder = arguments.value("--authority") ?? "gatehouse.local"
    isInsecure = arguments.has("--insecure")
  }

  func run(in surroundings: Surroundings) -> Int32 {
    Signals.block()
    ProcessLimits.ignoreBrokenPipes()
    let keeper = InterceptKeeper()
    do {
      let authority = try self.authority(surroundings)
      let client = try ScanInputs(
        isInsecure: isInsecure, nowUnixSeconds: surroundings.nowUnixSeconds
      ).client()
      let proxy = try InterceptProxy(
        port: port, authority: authority, nowUnixSeconds: surroundings.nowUnixSeconds
      ) { request, answered in
        let sent = ClientRequest(
          request.method, request.origin, target: request.target, fields: request.fields,
          body: request.body.isEmpty ? nil : request.body)
        let time = Date(timeIntervalSince1970: Double(surroundings.nowUnixSeconds()))
          .formatted(.iso8601)
        Task {
          do throws(ClientError) {
            let answer = try await client.send(sent)
            keeper.add(request, answer, at: time)
            answered(.success(answer))
          } catch {
            keeper.add(request, nil, at: time)
            answered(.failure(error))
          }
        }
      }
      surroundings.complain("gatehouse: recording at http://127.0.0.1:\(proxy.port)\n")
      while Signals.wait(milliseconds: 1_000) != .terminate {}
      try SystemFile.write(Array(keeper.text.utf8), to: path, permissions: 0o600, replacing: true)
      surroundings.complain("gatehouse: \(keeper.count) requests are in \(path)\n")
      return 0
    } catch {
      surroundings.complain("gatehouse: \(error)\n")
      return 1
    }
  }

  /// The proxy's own authority: made once, for its user alone.
  private func authority(_ surroundings: Surroundings) throws -> DevelopmentAuthority {
    let (certificate, key) = ("\(folder)/intercept-ca.pem", "\(folder)/intercept-ca.key")
    let now = surroundings.nowUnixSeconds()
    if SystemFile.isThere(certificate) {
      return try DevelopmentAuthority(
        certificatePEM: SystemFile.read(certificate, bytesMax: 65_536),
        keyPEM: SystemFile.read(key, bytesMax: 65_536), nowUnixSeconds: now)
    }
    let made = try DevelopmentAuthority(
      commonName: "Gatehouse intercept, this machine only", nowUnixSeconds: now)
    if !SystemFile.isThere(folder) { try SystemFile.makeFolder(folder, permissions: 0o700) }
    try SystemFile.write(made.privateKey.pem(), to: key, permissions: 0o600)
    try SystemFile.write(made.certificate.pem, to: certificate)
    return made
  }
}
