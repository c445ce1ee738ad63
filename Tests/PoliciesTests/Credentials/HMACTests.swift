import Crypto
import Formats
import HTTP
import PolicyKit
import Testing

@testable import Policies

@Suite struct HMACTests {
  private static let secret = "0123456789abcdef0123456789abcdef"
  private static let date = "Thu, 01 Jan 1970 00:16:40 GMT"

  private func make(_ more: String = "") -> HMACPolicy {
    let (policy, report) = PolicyBench.make(
      HMACPolicy.self,
      "keys: [{ id: k, secret: \(HMACTests.secret), consumer: alice }]\n" + more)
    #expect(report == "")
    return policy
  }

  private func exchange(
    _ authorization: String?, date: String = date, content: Int = 0,
    more: [(String, String)] = []
  ) -> BenchExchange {
    let fields = [("date", date)] + more + (authorization.map { [("authorization", $0)] } ?? [])
    let exchange = PolicyBench.exchange(fields, atMilliseconds: 1_000_000)
    exchange.wallMilliseconds = 1_000_000
    exchange.request.methodText = exchange.request.fields.store("GET")
    exchange.request.host = exchange.request.fields.store("api.test")
    exchange.request.path = exchange.request.fields.store("/a")
    exchange.request.query = exchange.request.fields.store("x=1")
    exchange.request.hasQuery = true
    if content > 0 { exchange.request.framing = .length(content) }
    return exchange
  }

  private func code(_ text: String, key: String = secret) throws -> String {
    let code = try MessageAuthenticator(SymmetricKey(Array(key.utf8)), .sha256)
      .code(text.utf8.span)
    return Base64.encode(code.span, .standard)
  }

  private func problem(_ exchange: BenchExchange, _ policy: HMACPolicy? = nil) -> Problem? {
    PolicyBench.problem((policy ?? make()).review(exchange))
  }

  @Test func `Both forms that clients have tell who calls`() throws {
    let draft = try code("(request-target): get /a?x=1\nhost: api.test\ndate: \(HMACTests.date)")
    let kong = try code("date: \(HMACTests.date)\nGET /a?x=1 HTTP/1.1")
    let forms = [
      "Signature keyId=\"k\",algorithm=\"hmac-sha256\",headers=\"(request-target) host date\","
        + "signature=\"\(draft)\"",
      "hmac username=\"k\", algorithm=\"hmac-sha256\", headers=\"date request-line\", "
        + "signature=\"\(kong)\"",
    ]
    for form in forms {
      let policy = make()
      let first = exchange(form)
      #expect(problem(first, policy) == nil)
      #expect(first.consumer?.name == "alice")
      #expect(PolicyBench.value(first.request.fields, "authorization") == nil)
      // The same once more.
      #expect(problem(exchange(form), policy) == .credentialsInvalid)
    }
  }

  @Test func `Another scheme is for somebody else, and stays`() {
    let other = exchange("Bearer x")
    #expect(problem(other) == .credentialsRequired)
    make().withdrawn(other)
    #expect(PolicyBench.value(other.request.fields, "authorization") == "Bearer x")
    #expect(problem(exchange(nil)) == .credentialsRequired)
  }

  @Test(arguments: [
    ("date", "date: D"), ("(request-target)", "(request-target): get /a?x=1"),
    ("(request-target) date x-none", "(request-target): get /a?x=1\ndate: D"),
    ("(request-target) date date", "(request-target): get /a?x=1\ndate: D\ndate: D"),
    ("", ""),
  ])
  func `What does not cover enough does not count`(names: String, text: String) throws {
    let code = try code(text.replacing("D", with: HMACTests.date))
    let form = "hmac username=\"k\",headers=\"\(names)\",signature=\"\(code)\""
    #expect(problem(exchange(form)) == .credentialsInvalid)
  }

  private func form(_ date: String = date, key: String = secret, id: String = "k") throws -> String
  {
    let code = try code("(request-target): get /a?x=1\ndate: \(date)", key: key)
    return "hmac username=\"\(id)\",headers=\"(request-target) date\",signature=\"\(code)\""
  }

  @Test(arguments: [
    "Thu, 01 Jan 1970 00:11:09 GMT", "Thu, 01 Jan 1970 00:17:11 GMT", "Thu, 01 Jan 1970",
    "Thursday, 01-Jan-70 00:16:40 GMT", "Thu Jan  1 00:16:40 1970", "1000", "",
    "Thu, 01 Jan 1970 00:16:40 UTC", "Thu, 01 Jan 1970 24:16:40 GMT",
  ])
  func `A date that is not of now is refused`(date: String) throws {
    #expect(problem(exchange(try form(date), date: date)) == .credentialsInvalid)
  }

  @Test func `A wrong secret, name, path or content is refused`() throws {
    let other = String(repeating: "x", count: 32)
    #expect(problem(exchange(try form(key: other))) == .credentialsInvalid)
    #expect(problem(exchange(try form(id: "j"))) == .credentialsInvalid)
    let moved = exchange(try form())
    moved.request.path = moved.request.fields.store("/b")
    #expect(problem(moved) == .credentialsInvalid)
    #expect(problem(exchange(try form(), content: 5)) == .credentialsInvalid)
    #expect(problem(exchange(try form() + ",algorithm=\"hmac-sha512\"")) == .credentialsInvalid)
    #expect(problem(exchange(try form() + ",username=\"k\"")) == .credentialsInvalid)
    #expect(problem(exchange("hmac ")) == .credentialsInvalid)
    #expect(problem(exchange("hmac username=\"k\\\"\"")) == .credentialsInvalid)
  }

  @Test func `Content is held against its digest`() throws {
    let digest = "SHA-256=LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="
    let text = "(request-target): get /a?x=1\ndate: \(HMACTests.date)\ndigest: \(digest)"
    let form =
      "hmac username=\"k\",headers=\"(request-target) date digest\",signature=\"\(try code(text))\""
    let policy = make()
    let exchange = exchange(form, content: 5, more: [("digest", digest)])
    #expect(problem(exchange, policy) == nil)
    #expect(exchange.isHeld(by: policy))
    #expect(PolicyBench.problem(exchange.inspected("hello", by: policy)) == nil)
    #expect(
      PolicyBench.problem(exchange.inspected("jello", by: policy)) == .credentialsInvalid)
  }

  @Test func `Dates are those of the calendar`() {
    #expect(HTTPTime.seconds(Array("Sun, 06 Nov 1994 08:49:37 GMT".utf8)) == 784_111_777)
    #expect(HTTPTime.seconds(Array("Tue, 29 Feb 2000 00:00:00 GMT".utf8)) == 951_782_400)
    #expect(HTTPTime.seconds(Array("Fri, 31 Dec 9999 23:59:59 GMT".utf8)) == 253_402_300_799)
  }
}

extension CredentialPolicy {
  func withdrawn(_ bench: BenchExchange) { bench.withdrawn(by: self) }
}
