import Foundation
import Testing

/// Responses that are compressed on their way, as curl and a strict client see them.
@Suite(.serialized) struct CompressionTests {
  private static let text = String(repeating: "the same words again and again, ", count: 1000)

  private static func services(_ port: UInt16, policies: String = "[{ compress: {} }]") -> String {
    """
      - name: open
        upstreams: [http://127.0.0.1:\(port)]
        public: true
        policies: \(policies)
    """
  }

  private static func answer(
    _ fields: String, _ content: String = text, chunked: Bool = false
  ) -> String {
    let framing =
      chunked ? "Transfer-Encoding: chunked" : "Content-Length: \(content.utf8.count)"
    let body =
      chunked
      ? String(content.utf8.count, radix: 16) + "\r\n\(content)\r\n0\r\n\r\n" : content
    return "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\(framing)\r\n\(fields)\r\n\(body)"
  }

  private static func curl(
    _ gateway: RunningGateway, _ path: String, _ arguments: [String]
  ) throws -> String {
    try Command.run(
      URL(filePath: "/usr/bin/curl"),
      ["-s", "-S", "--max-time", "20", "-H", "Host: api.test"] + arguments
        + ["http://127.0.0.1:\(gateway.port)\(path)"], in: gateway.folder
    ).output
  }

  @Test(arguments: ["gzip", "br", "zstd"])
  func `What is compressed is read by curl, by HTTP/1.1 and HTTP/2`(coding: String) throws {
    let upstream = try ScriptedUpstream([
      "/told": Self.answer(""), "/chunked": Self.answer("", chunked: true),
      "/long": Self.answer("", String(repeating: Self.text, count: 60)),
    ])
    let gateway = try RunningGateway(
      services: Self.services(upstream.port), listener: "    http2: prior-knowledge")
    for version in ["--http1.1", "--http2-prior-knowledge"] {
      for path in ["/told", "/chunked", "/long"] {
        let arguments = [version, "--compressed", "-H", "Accept-Encoding: \(coding)"]
        let content = try Self.curl(gateway, path, arguments)
        let whole = path == "/long" ? String(repeating: Self.text, count: 60) : Self.text
        #expect(content == whole)
        let heads = try Self.curl(gateway, path, arguments + ["-o", "/dev/null", "-D", "-"])
          .lowercased()
        #expect(heads.contains("content-encoding: \(coding)\r\n"))
        #expect(heads.contains("vary: accept-encoding\r\n"))
        #expect(!heads.contains("content-length"))
        let size = try Self.curl(
          gateway, path, arguments + ["-o", "/dev/null", "-w", "%{size_download}"])
        #expect(try #require(Int(size)) < whole.utf8.count / 10)
      }
    }
  }

  @Test func `Validator, digests and ranges are those of the encoded content`() throws {
    let upstream = try ScriptedUpstream([
      "/tagged": Self.answer(
        "ETag: \"v1\"\r\nAccept-Ranges: bytes\r\nRepr-Digest: sha-256=:AA==:\r\nContent-MD5: AA==\r\n"
      ),
      "/bare":
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nETag: \"v1\"\r\nContent-Length: 9999\r\n\r\n",
      "/same": "HTTP/1.1 304 Not Modified\r\nETag: \"v1\"\r\n\r\n",
    ])
    let gateway = try RunningGateway(services: Self.services(upstream.port))
    let client = try gateway.client()
    let plain = try client.request("GET", "/tagged")
    #expect(plain.fields["etag"] == "\"v1\"")
    #expect(plain.fields["accept-ranges"] == "bytes")
    let head = try client.request("HEAD", "/bare", ["Accept-Encoding: gzip"])
    #expect(head.fields["content-encoding"] == "gzip")
    #expect(head.fields["etag"] == "W/\"v1\"")
    #expect(head.fields["content-length"] == nil)
    let coded = try Self.curl(
      gateway, "/tagged", ["-D", "-", "-o", "/dev/null", "-H", "Accept-Encoding: gzip"]
    ).lowercased()
    #expect(coded.contains("etag: w/\"v1\""))
    for name in ["accept-ranges", "repr-digest", "content-md5"] { #expect(!coded.contains(name)) }
    let same = try client.request(
      "GET", "/same", ["Accept-Encoding: gzip", "If-None-Match: W/\"v1\""])
    #expect(same.status == 304)
    #expect(same.fields["etag"] == "W/\"v1\"")
    #expect(upstream.visits.last?.head.contains("if-none-match: w/\"v1\"") == true)
  }

  @Test func `Parts, encoded content, cookies and refusals stay as they are`() throws {
    let part =
      "HTTP/1.1 206 Partial Content\r\nContent-Type: text/plain\r\nContent-Range: bytes 0-1/9\r\n"
      + "Content-Length: 2\r\n\r\nab"
    let upstream = try ScriptedUpstream([
      "/part": part, "/coded": Self.answer("Content-Encoding: x-own\r\n"),
      "/cookie": Self.answer("Set-Cookie: a=b\r\n"),
      "/own": Self.answer("Cache-Control: private\r\n"),
      "/kept": Self.answer("Cache-Control: no-transform\r\n"),
      "/short": Self.answer("", "short"),
    ])
    let gateway = try RunningGateway(services: Self.services(upstream.port))
    let client = try gateway.client()
    for path in ["/part", "/coded", "/cookie", "/own", "/kept", "/short"] {
      let answer = try client.request("GET", path, ["Accept-Encoding: gzip"])
      #expect(answer.fields["content-encoding"] == (path == "/coded" ? "x-own" : nil))
      #expect(answer.fields["content-length"] == "\(answer.body.utf8.count)")
    }
  }

  @Test func `What a cache keeps is compressed when it comes and when it is kept`() throws {
    let upstream = try ScriptedUpstream(["/kept": Self.answer("Cache-Control: max-age=60\r\n")])
    let gateway = try RunningGateway(
      services: Self.services(upstream.port, policies: "[{ cache: {} }, { compress: {} }]"))
    for turn in ["miss", "hit"] {
      let heads = try Self.curl(
        gateway, "/kept",
        ["--compressed", "-H", "Accept-Encoding: gzip", "-o", "/dev/null", "-D", "-"]
      ).lowercased()
      #expect(heads.contains("content-encoding: gzip\r\n"), "\(turn): \(heads)")
    }
    let plain = try Self.curl(gateway, "/kept", ["-D", "-"]).lowercased()
    #expect(!plain.contains("content-encoding") && plain.hasSuffix(Self.text))
  }

  @Test func `Events reach a client one by one, though they are compressed`() throws {
    let upstream = try EventUpstream()
    let gateway = try RunningGateway(services: Self.services(upstream.port))
    let script = """
      import socket, sys, zlib
      s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
      s.settimeout(10)
      s.sendall(b"GET /events HTTP/1.1\\r\\nHost: api.test\\r\\nAccept-Encoding: gzip\\r\\n\\r\\n")
      f = s.makefile("rb")
      head = b""
      while not head.endswith(b"\\r\\n\\r\\n"): head += f.readline()
      assert b"content-encoding: gzip" in head.lower(), head
      d = zlib.decompressobj(31)
      seen = b""
      go = socket.create_connection(("127.0.0.1", int(sys.argv[2])))
      for number in range(5):
        go.sendall(b"x")
        wanted = b"data: %d\\n\\n" % number
        while not seen.endswith(wanted):
          size = int(f.readline(), 16)
          assert size > 0
          seen += d.decompress(f.read(size))
          f.readline()
      print("all", seen.count(b"data"))
      """
    let outcome = try Command.run(
      URL(filePath: "/usr/bin/python3"),
      ["-c", script, "\(gateway.port)", "\(upstream.triggerPort)"], in: gateway.folder)
    #expect(outcome.output == "all 5\n")
  }

  @Test func `Clients that read slowly hold up little, and get all`() throws {
    let long = (0..<200_000).map { "\($0 &* 2_654_435_761 % 1_000_003)" }.joined(separator: " ")
    let upstream = try ScriptedUpstream(["/long": Self.answer("", long)])
    let gateway = try RunningGateway(
      services: Self.services(upstream.port), listener: "    http2: prior-knowledge")
    for version in ["--http1.1", "--http2-prior-knowledge"] {
      let content = try Self.curl(
        gateway, "/long", [version, "--compressed", "--limit-rate", "400k"])
      #expect(content == long)
    }
  }

  @Test func `More responses at once than there may be encoders go as they are`() throws {
    let upstream = try ScriptedUpstream(["/told": Self.answer("")])
    let gateway = try RunningGateway(
      services: Self.services(upstream.port), rest: "limits: { encoders: 0 }")
    let answer = try gateway.client().request("GET", "/told", ["Accept-Encoding: gzip"])
    #expect(answer.body == Self.text)
    #expect(answer.fields["vary"] == "accept-encoding")
  }

  // DOS-07.
  @Test func `Compressed requests reach policies and upstream as they are`() throws {
    let upstream = try ScriptedUpstream([:])
    let gateway = try RunningGateway(
      services: Self.services(
        upstream.port, policies: "[{ decompress: { size: 2MiB } }, { shield: {} }]"))
    try Data("{\"name\":\"widget\"}".utf8).write(to: gateway.folder.appending(path: "good"))
    try Data("{\"q\":\"1' OR '1'='1' UNION SELECT password FROM users--\"}".utf8)
      .write(to: gateway.folder.appending(path: "bad"))
    try Data(count: 8 << 20).write(to: gateway.folder.appending(path: "bomb"))
    let tools = [
      ("gzip", "/usr/bin/gzip", ["-k"], "gz"), ("zstd", "/usr/bin/zstd", ["-k", "-q"], "zst"),
    ]
    for (coding, tool, options, ending) in tools {
      _ = try Command.run(
        URL(filePath: tool), options + ["good", "bad", "bomb"], in: gateway.folder)
      func send(_ file: String) throws -> String {
        try Self.curl(
          gateway, "/x",
          [
            "--data-binary", "@\(file).\(ending)", "-H", "Content-Type: application/json", "-H",
            "Content-Encoding: \(coding)", "-o", "/dev/null", "-w", "%{http_code}",
          ])
      }
      let before = upstream.visits.count
      #expect(try send("good") == "200")
      #expect(try send("bad") == "403")
      #expect(try send("bomb") == "413")
      #expect(upstream.visits.count == before + 1)
      let visit = try #require(upstream.visits.last)
      #expect(visit.body == "{\"name\":\"widget\"}")
      #expect(visit.head.contains("content-length: \(visit.body.utf8.count)"))
      #expect(!visit.head.contains("content-encoding"))
    }
  }
}
