import Foundation
import Testing

/// Contents that are small to send and large to take, sent to the real gateway: each is refused soon,
/// with memory that stays as it was, and nothing of it reaches the upstream.
///
/// DOS-05, DOS-06, DOS-07, DOS-09, DOS-11, DOS-12, PAY-06.
@Suite(.serialized) struct BombTests {
  /// How much more memory the gateway may have afterwards, in kilobytes: what one content takes,
  /// its buffer and what is made of it, is kept for the next.
  private static let growthMax = 48 * 1024

  private static let description = """
    openapi: 3.1.0
    paths:
      /any:
        post:
          requestBody:
            content:
              application/json: { schema: {} }
              application/xml: { schema: { type: object } }
              application/x-www-form-urlencoded: { schema: {} }
              multipart/form-data: { schema: {} }
      /pattern: { post: { requestBody: { content: { application/json: { schema: {
        items: { pattern: '^(a+)+(b|a*)*$' } } } } } } }
      /unique: { post: { requestBody: { content: { application/json: { schema: {
        uniqueItems: true } } } } } }
      /forms: { post: { requestBody: { content: { application/json: { schema: {
        $ref: '#/components/schemas/Tree' } } } } } }
    components:
      schemas:
        Tree:
          anyOf:
            - { type: object, properties: { a: { $ref: '#/components/schemas/Tree' } },
                required: [a, x] }
            - { type: object, properties: { a: { $ref: '#/components/schemas/Tree' } },
                required: [a, y] }
            - { type: integer }
    """

  private static func repeated(_ text: String, _ count: Int) -> String {
    String(repeating: text, count: count)
  }

  /// What is sent: a name, where to, its type, the content, and the problems it may be refused with.
  private static let bombs: [(name: String, path: String, type: String, body: String)] = {
    let json = "application/json"
    let xml = "application/xml"
    let entities = (0..<20).map { "<!ENTITY e\($0 + 1) '\(repeated("&e\($0);", 10))'>" }.joined()
    let part = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n"
    let prefixes = { (level: Int) in
      "<a " + (0..<63).map { "xmlns:p\(level)x\($0)='u' " }.joined() + ">"
    }
    return [
      ("arrays in arrays", "/any", json, repeated("[", 500_000)),
      ("objects in objects", "/any", json, repeated("{\"a\":", 200_000)),
      ("a number of 900 KB", "/any", json, repeated("9", 900_000)),
      ("an exponent", "/any", json, "[1e\(repeated("9", 300))]"),
      ("300,000 values", "/any", json, "[" + repeated("1,", 300_000) + "1]"),
      ("a name 50,000 times", "/any", json, "{" + repeated("\"a\":1,", 50_000) + "\"b\":1}"),
      ("entities", "/any", xml, "<!DOCTYPE a [<!ENTITY e0 'x'>\(entities)]><a>&e20;</a>"),
      (
        "a file", "/any", xml,
        "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>"
      ),
      ("elements in elements", "/any", xml, repeated("<a>", 300_000)),
      ("many elements", "/any", xml, "<a>" + repeated("<b/>", 200_000) + "</a>"),
      (
        "prefixes", "/any", xml,
        (0..<60).map(prefixes).joined() + repeated("<p0x0:b/>", 15_000) + repeated("</a>", 60)
      ),
      ("10,000 parts", "/any", "multipart/form-data; boundary=b", repeated(part, 10_000) + "--b--"),
      ("200,000 pairs", "/any", "application/x-www-form-urlencoded", repeated("a&", 200_000)),
      (
        "forms within forms", "/forms", json,
        repeated("{\"a\":", 30) + "true" + repeated("}", 30)
      ),
      ("a pattern that explodes", "/pattern", json, "[\"\(repeated("a", 900_000))!\"]"),
      ("the same twice", "/unique", json, "[" + repeated("[1],", 8_000) + "[1]]"),
    ]
  }()

  private let file: URL
  private let upstream: TestUpstream

  init() throws {
    file = FileManager.default.temporaryDirectory.appending(path: "bombs-\(UUID()).yaml")
    try Data(BombTests.description.utf8).write(to: file)
    upstream = try TestUpstream()
  }

  private func gateway() throws -> RunningGateway {
    try RunningGateway(
      services: """
          - name: bombs
            upstreams: [http://127.0.0.1:\(upstream.port)]
            policies: [{ openapi: { document: \(file.path) } }]
            routes: [{ paths: [/], public: true }]
        """, workers: 1)
  }

  private func residentKilobytes(_ gateway: RunningGateway) throws -> Int {
    // The process that serves may be a child of the one that was started.
    let own = gateway.processIdentifier
    let children =
      (try? String(contentsOfFile: "/proc/\(own)/task/\(own)/children", encoding: .utf8)) ?? ""
    let all = [Int(own)] + children.split(separator: " ").compactMap { Int($0) }
    return try all.reduce(0) { sum, process in
      let text = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
      let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
      return sum + (Int(line.split(separator: " ").dropLast().last ?? "") ?? 0)
    }
  }

  private func post(_ gateway: RunningGateway, _ path: String, _ type: String, _ body: String)
    throws -> Answer
  {
    try gateway.client().request(
      "POST", path, ["Content-Type: \(type)", "Content-Length: \(body.utf8.count)"], body: body)
  }

  @Test func `Each is refused, soon, and with little memory`() throws {
    let gateway = try gateway()
    #expect(try post(gateway, "/any", "application/json", "[1]").status == 200)
    let before = try residentKilobytes(gateway)
    for bomb in BombTests.bombs {
      let start = ContinuousClock.now
      let answer = try post(gateway, bomb.path, bomb.type, bomb.body)
      let duration = ContinuousClock.now - start
      let grown = try residentKilobytes(gateway) - before
      #expect(answer.problem == "validation-failed", "\(bomb.name): \(answer.status)")
      // An unoptimised binary on a busy machine takes a hundred times what is measured otherwise.
      #expect(duration < .seconds(20), "\(bomb.name): \(duration)")
      #expect(grown < BombTests.growthMax, "\(bomb.name): \(grown) KB more")
      print("bomb: \(bomb.name), \(bomb.body.utf8.count) bytes: \(duration), \(grown) KB more")
    }
    #expect(try post(gateway, "/any", "application/json", "[1]").status == 200)
    try Waiting.until("the log") { gateway.accessLog.count >= BombTests.bombs.count + 2 }
    #expect(
      gateway.accessLog.filter { $0.contains("\"status\":400") }.count == BombTests.bombs.count)
  }

  @Test func `What is compressed is not unpacked, and what is too long is not held`() throws {
    let gateway = try gateway()
    for encoding in ["gzip", "deflate", "br", "zstd", "gzip, gzip", "identity"] {
      let answer = try gateway.client().request(
        "POST", "/any",
        ["Content-Type: application/json", "Content-Encoding: \(encoding)", "Content-Length: 3"],
        body: "[1]")
      #expect(answer.problem == "unsupported-media-type", "\(encoding)")
    }
    let long = BombTests.repeated(" ", 1024 * 1024) + "1"
    #expect(try post(gateway, "/any", "application/json", long).status == 413)
    #expect(try post(gateway, "/any", "application/json", String(long.dropFirst(2))).status == 200)
  }
}
