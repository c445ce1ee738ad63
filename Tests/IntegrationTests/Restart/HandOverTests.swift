import Foundation
import Glibc
import Testing

/// One process takes over from another by the real binary, under load.
@Suite(.serialized) struct HandOverTests {
  private static func gateway(
    _ upstream: TestUpstream, listener: String = "", workers: Int = 2, rest: String = ""
  ) throws -> RunningGateway {
    try RunningGateway(
      services: Services.open(upstream.port), listener: listener,
      rest: "hand-over: hand-over.sock\n" + rest, workers: workers)
  }

  @Test func `Ten restarts under load fail no request`() throws {
    let upstream = try TestUpstream()
    let gateway = try HandOverTests.gateway(upstream)
    let load = SteadyLoad(port: gateway.port, keeping: 4, changing: 3)
    try load.proceed(200)
    for _ in 0..<10 {
      #expect(try gateway.takeOver() == 0)
      try load.proceed(100)
    }
    let failures = try load.stop()
    #expect(failures.isEmpty, "\(failures)")
    #expect(load.requests > 1200)
  }

  @Test func `SIGUSR2 has the process start the one that follows`() throws {
    let upstream = try TestUpstream()
    let gateway = try HandOverTests.gateway(upstream)
    let load = SteadyLoad(port: gateway.port, keeping: 2, changing: 2)
    try load.proceed(50)
    gateway.signal(SIGUSR2)
    #expect(try gateway.status() == 0)
    try load.proceed(50)
    let failures = try load.stop()
    #expect(failures.isEmpty, "\(failures)")
    let followers = HandOverTests.processes(in: gateway.folder)
    #expect(followers.count == 1)
    for follower in followers { kill(follower, SIGTERM) }
    try Waiting.until("the end of the one that followed") {
      HandOverTests.processes(in: gateway.folder).isEmpty
    }
  }

  @Test func `A process that cannot start leaves the one before serving`() throws {
    let upstream = try TestUpstream()
    let gateway = try HandOverTests.gateway(upstream)
    let load = SteadyLoad(port: gateway.port, keeping: 2, changing: 2)
    try load.proceed(50)
    // Another listener, on a port that somebody has.
    let taken = try Socket.listening()
    let before = gateway.text(of: "gatehouse.yaml")
    try gateway.write(
      services: Services.open(upstream.port),
      listener: "  - bind: 127.0.0.1:\(taken.port)", rest: "hand-over: hand-over.sock")
    #expect(try gateway.failToTakeOver() == 1)
    try load.proceed(50)
    try Data("listeners: [".utf8).write(to: gateway.folder.appending(path: "gatehouse.yaml"))
    #expect(try gateway.failToTakeOver() == 1)
    try load.proceed(50)
    #expect(gateway.isRunning)
    // Nobody is left behind, and the next one can take over.
    try Data(before.utf8).write(to: gateway.folder.appending(path: "gatehouse.yaml"))
    #expect(try gateway.takeOver() == 0)
    try load.proceed(50)
    let failures = try load.stop()
    #expect(failures.isEmpty, "\(failures)")
  }

  @Test(arguments: [1, 4]) func `What is under way ends where it began`(workers: Int) throws {
    let upstream = try HoldingUpstream()
    let gateway = try RunningGateway(
      services: Services.open(upstream.port), rest: "hand-over: hand-over.sock",
      workers: workers)
    let client = try gateway.client()
    try client.send("GET /slow HTTP/1.1\r\nHost: api.test\r\n\r\n")
    try Waiting.until("the request") { upstream.isHolding }
    let before = try gateway.follow()
    #expect(before.isRunning)
    upstream.hold(false)
    let answer = try client.answer()
    #expect(answer.status == 200)
    #expect(answer.fields["connection"] == "close")
    #expect(try gateway.ended(before) == 0)
  }

  @Test func `An idle connection gets one more request answered, and ends after its time`() throws {
    let upstream = try TestUpstream()
    let gateway = try HandOverTests.gateway(
      upstream, rest: "limits: { hand-over-idle: 3s }")
    let (asking, silent) = (try gateway.client(), try gateway.client())
    #expect(try asking.request("GET", "/a").fields["connection"] == nil)
    #expect(try silent.request("GET", "/a").fields["connection"] == nil)
    let before = try gateway.follow()
    let answer = try asking.request("GET", "/b")
    #expect(answer.status == 200)
    #expect(answer.fields["connection"] == "close")
    #expect(silent.isClosed())
    #expect(try gateway.ended(before) == 0)
  }

  @Test(arguments: [(1, 3), (4, 1)]) func `Another number of loops loses no connection`(
    before: Int, after: Int
  ) throws {
    let upstream = try TestUpstream()
    let gateway = try HandOverTests.gateway(upstream, workers: before)
    let load = SteadyLoad(port: gateway.port, keeping: 1, changing: 4)
    try load.proceed(50)
    let text = gateway.text(of: "gatehouse.yaml")
      .replacingOccurrences(of: "workers: \(before)", with: "workers: \(after)")
    try Data(text.utf8).write(to: gateway.folder.appending(path: "gatehouse.yaml"))
    #expect(try gateway.takeOver() == 0)
    try load.proceed(200)
    let failures = try load.stop()
    #expect(failures.isEmpty, "\(failures)")
  }

  @Test func `A process that takes over from nobody starts as any other`() throws {
    let upstream = try TestUpstream()
    let gateway = try HandOverTests.gateway(upstream)
    gateway.signal(SIGTERM)
    #expect(try gateway.status() == 0)
    #expect(
      !FileManager.default.fileExists(
        atPath: gateway.folder.appending(path: "hand-over.sock").path))
    _ = try gateway.takeOver()
    #expect(try gateway.client().request("GET", "/").status == 200)
  }

  @Test(.enabled(if: geteuid() == 0)) func `Another user's process gets no socket`() throws {
    let upstream = try TestUpstream()
    let gateway = try HandOverTests.gateway(upstream)
    let path = gateway.folder.appending(path: "hand-over.sock").path
    let script = """
      import os, socket, sys
      os.setgid(65534); os.setuid(65534)
      s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
      s.settimeout(10)
      try:
        s.connect(sys.argv[1])
      except PermissionError:
        print("forbidden"); sys.exit()
      try:
        s.send(b"gatehouse hand-over 1")
        print("got", len(socket.recv_fds(s, 4096, 4)[1]), "sockets")
      except OSError:
        print("got 0 sockets")
      """
    func ask() throws -> String {
      try Command.run(
        URL(filePath: "/usr/bin/python3"), ["-c", script, path], in: gateway.folder
      ).output
    }
    #expect(try ask() == "forbidden\n")
    // Even where the file lets everybody in.
    for (path, mode) in [(gateway.folder.path, 0o755), (path, 0o777)] {
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }
    #expect(try ask() == "got 0 sockets\n")
    #expect(gateway.messages.contains("another user's process asked"))
    #expect(try gateway.client().request("GET", "/").status == 200)
  }

  @Test func `The store of events passes from one process to the next`() throws {
    let upstream = try TestUpstream()
    let gateway = try HandOverTests.gateway(upstream, rest: "events: { store: { path: events } }")
    #expect(try gateway.client().request("GET", "/first").status == 200)
    #expect(try gateway.takeOver() == 0)
    #expect(try gateway.client().request("GET", "/second").status == 200)
    gateway.signal(SIGTERM)
    #expect(try gateway.status() == 0)
    let found = try Command.run(
      RunningGateway.binary, ["events", "search", "--json"], in: gateway.folder)
    #expect(found.output.contains("/first"))
    #expect(found.output.contains("/second"))
  }

  /// The processes that run in a folder.
  private static func processes(in folder: URL) -> [Int32] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { Int32($0) }.filter { process in
      let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/cwd")
      return link == folder.path
    }
  }
}
