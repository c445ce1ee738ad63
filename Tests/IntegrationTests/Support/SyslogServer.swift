import Foundation

/// The syslog server `rsyslogd`, on a port of its own, which writes each message to a file.
final class SyslogServer {
  let port: Int
  let folder: URL
  private let process = Process()

  /// A server for TCP, or for TLS if it has a certificate: `ca.pem`, `NAME.pem` and `NAME.key` in
  /// the authority's folder.
  init(certificate name: String? = nil, of authority: TestAuthority? = nil) throws {
    port = try Int(Socket.freePorts().0)
    folder = FileManager.default.temporaryDirectory.appending(path: "syslog-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var settings = "global(workDirectory=\"\(folder.path)\" maxMessageSize=\"64k\""
    var module = "module(load=\"imtcp\""
    if let name, let authority {
      settings += " defaultNetstreamDriver=\"gtls\""
      settings += " defaultNetstreamDriverCAFile=\"\(authority.path("ca.pem"))\""
      settings += " defaultNetstreamDriverCertFile=\"\(authority.path("\(name).pem"))\""
      settings += " defaultNetstreamDriverKeyFile=\"\(authority.path("\(name).key"))\""
      module += " StreamDriver.Name=\"gtls\" StreamDriver.Mode=\"1\" StreamDriver.AuthMode=\"anon\""
    }
    settings += """
      )
      \(module))
      template(name="all" type="string" string="%pri% %timestamp:::date-rfc3339% %hostname% %app-name% %msgid% %msg%\\n")
      input(type="imtcp" port="\(port)" address="127.0.0.1")
      action(type="omfile" file="\(folder.path)/got" template="all")

      """
    let file = folder.appending(path: "rsyslog.conf")
    try Data(settings.utf8).write(to: file)
    process.executableURL = URL(filePath: "/usr/sbin/rsyslogd")
    process.arguments = ["-n", "-f", file.path, "-i", folder.path + "/pid"]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    try Waiting.until("rsyslogd") { (try? Client(port: UInt16(self.port))) != nil }
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    try? FileManager.default.removeItem(at: folder)
  }

  /// The messages so far.
  var messages: [Substring] {
    let text = try? String(contentsOf: folder.appending(path: "got"), encoding: .utf8)
    return (text ?? "").split(separator: "\n")
  }
}
