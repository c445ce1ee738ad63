import Foundation
import Testing

/// Responses that go on and on, such as server-sent events: what an upstream says is with the client
/// at once, before it says more.
@Suite struct EventStreamTests {
  /// An upstream of HTTP/1.1 that sends each event once the client has got the one before.
  private final class Upstream {
    let port: UInt16
    let folder: URL
    private let process = Process()

    init(isChunked: Bool) throws {
      folder = FileManager.default.temporaryDirectory.appending(path: "events-\(UUID())")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      port = try Socket.freePort()
      let program = """
        import os, socket, time
        listener = socket.create_server(("127.0.0.1", \(port)))
        open("ready", "w").close()
        while True:
            sock, _ = listener.accept()
            while b"\\r\\n\\r\\n" not in sock.recv(65536):
                pass
            head = b"HTTP/1.1 200 OK\\r\\nContent-Type: text/event-stream\\r\\n"
            sock.sendall(head + b"\(isChunked ? "Transfer-Encoding: chunked\\r\\n" : "")\\r\\n")
            for number in range(5):
                while number > 0 and not os.path.exists("heard-%d" % (number - 1)):
                    time.sleep(0.002)
                event = b"data: %d\\n\\n" % number
                sock.sendall(b"%x\\r\\n%s\\r\\n" % (len(event), event) if \(isChunked ? 1 : 0) else event)
            sock.sendall(b"\(isChunked ? "0\\r\\n\\r\\n" : "")")
            sock.close()
        """
      process.executableURL = URL(filePath: "/usr/bin/python3")
      process.arguments = ["-c", program]
      process.currentDirectoryURL = folder
      try process.run()
      let ready = folder.appending(path: "ready").path
      try Waiting.until("the upstream") { FileManager.default.fileExists(atPath: ready) }
    }

    deinit {
      kill(process.processIdentifier, SIGKILL)
      try? FileManager.default.removeItem(at: folder)
    }
  }

  /// What a client of the version gets, which says of each event that it has it.
  private func listen(_ gateway: RunningGateway, _ folder: URL, isHTTP2: Bool) throws -> String {
    for number in 0..<5 {
      try? FileManager.default.removeItem(at: folder.appending(path: "heard-\(number)"))
    }
    let program = """
      import httpx
      http2 = \(isHTTP2 ? "True" : "False")
      with httpx.Client(http1=not http2, http2=http2, timeout=10) as client:
          with client.stream("GET", "http://127.0.0.1:\(gateway.port)/events") as answer:
              heard = [line[6:] for line in answer.iter_lines() if line.startswith("data: ")
                       and not open("heard-" + line[6:].strip(), "w").close()]
      print([text.strip() for text in heard])
      """
    return try Command.run(
      URL(filePath: "/usr/bin/python3"), ["-c", program], in: folder
    ).output
  }

  @Test(arguments: [false, true], [false, true])
  func `Events of HTTP 1 are with the client at once`(_ isChunked: Bool, _ isHTTP2: Bool) throws {
    let upstream = try Upstream(isChunked: isChunked)
    let gateway = try RunningGateway(
      services: Services.open(upstream.port), listener: "    http2: prior-knowledge")
    #expect(
      try listen(gateway, upstream.folder, isHTTP2: isHTTP2) == "['0', '1', '2', '3', '4']\n")
  }

  @Test(arguments: [false, true], ["", "\n    policies: [{ compress: { size: 1B } }]"])
  func `Events of HTTP 2 are with the client at once`(_ isHTTP2: Bool, _ more: String) throws {
    let upstream = try HTTP2Upstream()
    let gateway = try RunningGateway(
      services: Services.open(upstream.port) + "\n    protocol: http2" + more,
      listener: "    http2: prior-knowledge")
    #expect(
      try listen(gateway, upstream.folder, isHTTP2: isHTTP2) == "['0', '1', '2', '3', '4']\n")
  }
}
