import Client
import Foundation
import Scanner
import Testing

@Suite(.serialized) struct TransportTests {
  private static let program =
    PythonServer.frame + #"""
      def route(h, m, p, q, b): h.say(200, {'ok': True})
      c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); c.load_cert_chain(sys.argv[2] + '/server.pem', sys.argv[2] + '/server.key')
      if sys.argv[1] == 'old':
          c.minimum_version = ssl.TLSVersion.TLSv1; c.set_ciphers('ALL:@SECLEVEL=0')
      serve(c)
      """#

  private func report(_ mode: String) async throws -> ScanReport {
    let files = try Certificates(clients: [])
    let server = try PythonServer(TransportTests.program, [mode, files.folder.path])
    let text = "paths: { /a: { get: {} } }"
    let job = try ScanJob(
      description: Array(text.utf8), named: "api.yaml", identities: nil,
      target: "https://127.0.0.1:\(server.port)", client: files.client(nil))
    return try await job.run(now: { 0 })
  }

  @Test func `Old versions of TLS and a certificate that nobody knows are found`() async throws {
    let finding = try #require(try await report("old").findings.first)
    #expect(finding.kind == .weakTransport)
    #expect(
      finding.parameter
        == "TLS 1.0, TLS 1.1, ciphers that are broken, a certificate that cannot be verified")
  }

  @Test func `What speaks TLS well is told of its certificate alone`() async throws {
    let report = try await report("new")
    #expect(report.findings.map(\.parameter) == ["a certificate that cannot be verified"])
  }
}
