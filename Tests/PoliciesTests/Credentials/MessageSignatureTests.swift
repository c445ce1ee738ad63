import Crypto
import Formats
import HTTP
import PolicyKit
import Testing

@testable import Policies

@Suite struct MessageSignatureTests {
  private static let secret = "0123456789abcdef0123456789abcdef"
  private static let settings =
    "keys: [{ id: k, secret: \(secret), consumer: alice }, { id: off, secret: \(secret), consumer: bob }]"

  private func make(_ more: String = "") -> MessageSignaturePolicy {
    let (policy, report) = PolicyBench.make(
      MessageSignaturePolicy.self, MessageSignatureTests.settings + more)
    #expect(report == "")
    return policy
  }

  /// A request, signed over `items` with `parameters`.
  private func signed(
    _ items: String = #""@method" "@path" "@query" "@authority""#,
    _ parameters: String = #";created=1000;keyid="k";nonce="n""#, fields: [(String, String)] = [],
    content: Int = 0, path: String = "/a", query: String? = "x=1"
  ) throws -> BenchExchange {
    let exchange = PolicyBench.exchange(fields, atMilliseconds: 1_000_000)
    exchange.wallMilliseconds = 1_000_000
    exchange.request.methodText = exchange.request.fields.store("POST")
    exchange.request.host = exchange.request.fields.store("api.test")
    exchange.request.path = exchange.request.fields.store(path.utf8.span)
    if let query {
      exchange.request.query = exchange.request.fields.store(query.utf8.span)
      exchange.request.hasQuery = true
    }
    if content > 0 { exchange.request.framing = .length(content) }
    let input = "(\(items))\(parameters)"
    if let members = try? StructuredFieldParser.dictionary("s=\(input)".utf8.span),
      case .list(let parts, let all) = members[0].value,
      let base = exchange.base(parts, all)
    {
      let key = try MessageAuthenticator(
        SymmetricKey(Array(MessageSignatureTests.secret.utf8)), .sha256)
      let code = Base64.encode(key.code(base.text.span).span, .standard)
      add(exchange, ("signature", "s=:\(code):"))
    } else {
      add(exchange, ("signature", "s=:AAAA:"))
    }
    add(exchange, ("signature-input", "s=\(input)"))
    return exchange
  }

  private func add(_ exchange: BenchExchange, _ field: (String, String)) {
    exchange.request.fields.append(name: field.0.utf8.span, value: field.1.utf8.span)
  }

  private func problem(_ exchange: BenchExchange, _ policy: MessageSignaturePolicy? = nil)
    -> Problem?
  {
    PolicyBench.problem((policy ?? make()).review(exchange))
  }

  // JWT-20.
  @Test func `A signed request tells who calls, once`() throws {
    let policy = make()
    let first = try signed()
    #expect(problem(first, policy) == nil)
    #expect(first.consumer?.name == "alice")
    #expect(PolicyBench.value(first.request.fields, "signature") == nil)
    #expect(PolicyBench.value(first.request.fields, "signature-input") == nil)
    #expect(problem(try signed(), policy) == .credentialsInvalid)
    let items = #""@method" "@path" "@query" "@authority""#
    let other = try signed(items, #";created=1000;keyid="k";nonce="m""#)
    #expect(problem(other, policy) == nil)
    #expect(problem(PolicyBench.exchange(), policy) == .credentialsRequired)
  }

  @Test(arguments: [
    #""@path" "@query" "@authority""#, #""@method" "@query" "@authority""#,
    #""@method" "@path" "@authority""#, #""@method" "@path" "@query""#,
    #""@method" "@path" "@query" "@authority" "x-missing""#,
    #""@method" "@path" "@query" "@authority" "@unknown""#,
    #""@method" "@path" "@query" "@authority" "@method""#,
    #""@method" "@path" "@query" "@authority" "x-a";sf"#,
    #""@method" "@path" "@query" "@authority" "X-A""#,
    #""@method";req "@path" "@query" "@authority""#,
    #""@method" "@path" "@query-param";name="x" "@authority""#, "",
  ])
  func `What does not cover enough, or covers what is not known, does not count`(
    items: String
  ) throws {
    #expect(problem(try signed(items, fields: [("x-a", "1")])) == .credentialsInvalid)
  }

  @Test(arguments: [
    #"@method" "@target-uri"#, #"@method" "@request-target" "@authority"#,
    #"@method" "@path" "@query" "host" "@authority" "x-a"#,
  ])
  func `One component may stand for several`(items: String) throws {
    #expect(problem(try signed("\"\(items)\"", fields: [("x-a", "1"), ("x-a", "2")])) == nil)
  }

  @Test func `A query needs no cover where there is none, and none can be added`() throws {
    let items = #""@method" "@path" "@authority""#
    #expect(problem(try signed(items, query: nil)) == nil)
    #expect(problem(try signed(items, query: "")) == .credentialsInvalid)
  }

  @Test func `A parameter of the query is signed in its encoded form`() throws {
    let items = #""@method" "@path" "@query" "@authority" "@query-param";name="a%20b""#
    #expect(problem(try signed(items, query: "a+b=c%2Fd")) == nil)
    #expect(problem(try signed(items, query: "a+b=1&a%20b=2")) == .credentialsInvalid)
    #expect(problem(try signed(items, query: "x=1")) == .credentialsInvalid)
  }

  // JWT-20.
  @Test(arguments: [
    #";keyid="k";nonce="n""#, #";created=1000;nonce="n""#, #";created=1000;keyid="k""#,
    #";created=1000;keyid="k";nonce="""#, #";created=669;keyid="k";nonce="n""#,
    #";created=1031;keyid="k";nonce="n""#, #";created="1000";keyid="k";nonce="n""#,
    #";created=-1;keyid="k";nonce="n""#, #";created=1000.0;keyid="k";nonce="n""#,
    #";created=1000;keyid="k";nonce="n";expires=1000"#,
    #";created=1000;keyid="k";nonce="n";expires="x""#,
    #";created=1000;keyid="k";nonce="n";alg="ed25519""#,
    #";created=1000;keyid="k";nonce="n";alg=hmac-sha256"#,
    #";created=1000;keyid="none";nonce="n""#, #";created=1000;keyid="off";nonce="n""#,
    #";created=1000;keyid=k;nonce="n""#,
  ])
  func `A signature says by whom, when and once`(parameters: String) throws {
    let items = #""@method" "@path" "@query" "@authority""#
    #expect(problem(try signed(items, parameters)) == .credentialsInvalid)
  }

  @Test func `The edges of the window are within it`() throws {
    let items = #""@method" "@path" "@query" "@authority""#
    for created in [670, 1030] {
      let exchange = try signed(items, ";created=\(created);keyid=\"k\";nonce=\"n\"")
      #expect(problem(exchange) == nil)
    }
  }

  @Test func `Whatever is changed on the way breaks the signature`() throws {
    let items = #""@method" "@path" "@query" "@authority" "x-a""#
    let changes: [(BenchExchange) -> Void] = [
      { $0.request.methodText = $0.request.fields.store("PUT") },
      { $0.request.path = $0.request.fields.store("/b") },
      { $0.request.query = $0.request.fields.store("x=2") },
      { $0.request.host = $0.request.fields.store("other.test") },
      { $0.request.port = 8080 },
      { $0.request.fields.remove(named: "x-a".utf8.span) },
      { $0.request.fields.append(name: "x-a".utf8.span, value: "2".utf8.span) },
    ]
    for change in changes {
      let exchange = try signed(items, fields: [("x-a", "1")])
      change(exchange)
      #expect(problem(exchange) == .credentialsInvalid)
    }
  }

  @Test func `Content has to be covered, and to be what is said of it`() throws {
    let policy = make()
    let plain = #""@method" "@path" "@query" "@authority""#
    #expect(problem(try signed(plain, content: 5), policy) == .credentialsInvalid)
    // RFC 9530: SHA-256 of `hello`.
    let digest = "sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:"
    let exchange = try signed(
      plain + #" "content-digest""#, fields: [("content-digest", digest)], content: 5)
    #expect(problem(exchange, policy) == nil)
    #expect(exchange.isHeld(by: policy))
    #expect(PolicyBench.problem(exchange.inspected("hello", by: policy)) == nil)
    for content in ["hellO", "", "hello "] {
      #expect(
        PolicyBench.problem(exchange.inspected(content, by: policy)) == .credentialsInvalid)
    }
  }

  @Test(arguments: [
    "sha-256=:AAAA:", "md5=:XUFAKrxLKna5cZ2REBfFkg==:", "sha-256", "",
    "sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:, sha-512=:AAAA:",
    "sha-256=LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=",
  ])
  func `A digest that is none, unknown or wrong does not let content pass`(digest: String) {
    let exchange = PolicyBench.exchange([("content-digest", digest)])
    #expect(
      PolicyBench.problem(exchange.inspected("hello", by: make())) == .credentialsInvalid)
  }

  @Test(arguments: [
    ("s=:AAAA:", "s=1"), ("s=(", "s=()"), ("", ""), ("s=:AAAA:", "t=(\"@method\")"),
    ("s=AAAA", "s=(\"@method\")"),
  ])
  func `Fields that are no signatures are refused`(signature: String, input: String) {
    let exchange = PolicyBench.exchange([("signature", signature), ("signature-input", input)])
    #expect(problem(exchange) == .credentialsInvalid)
  }

  // RFC 9421 appendix B.2.5 and B.2.6.
  @Test func `The examples of the specification are right`() throws {
    let exchange = PolicyBench.exchange([
      ("date", "Tue, 20 Apr 2021 02:07:55 GMT"), ("content-type", "application/json"),
      ("content-length", "18"),
    ])
    exchange.request.methodText = exchange.request.fields.store("POST")
    exchange.request.host = exchange.request.fields.store("example.com")
    exchange.request.path = exchange.request.fields.store("/foo")
    let pem = """
      -----BEGIN PUBLIC KEY-----
      MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=
      -----END PUBLIC KEY-----
      """
    let nobody = ConsumerReference.known(PolicyBench.consumers[0])
    let pair = try SigningKey(PublicKey(pem: pem.utf8.span), .ed25519, "a", nobody)
    let shared = Base64.decode(
      "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ=="
        .utf8.span, .standard)
    let secret = try SigningKey(SymmetricKey(shared ?? []), .hmacSHA256, "b", nobody)
    let examples = [
      (
        #"("date" "@method" "@path" "@authority" "content-type" "content-length")"#
          + #";created=1618884473;keyid="test-key-ed25519""#,
        "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==",
        pair
      ),
      (
        #"("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret""#,
        "pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=", secret
      ),
    ]
    for (input, text, key) in examples {
      let member = try StructuredFieldParser.dictionary("s=\(input)".utf8.span)[0].value
      guard case .list(let items, let parameters) = member else { return }
      let base = try #require(exchange.base(items, parameters))
      let signature = Base64.decode(text.utf8.span, .standard) ?? []
      let (right, other) = (base.text, base.text + [0x0A])
      let isRight = key.verify(signature.span, of: right.span)
      #expect(isRight)
      let isOtherRight = key.verify(signature.span, of: other.span)
      #expect(!isOtherRight)
    }
  }

  @Test(arguments: [
    ("{}", "'keys' is missing"), ("keys: []", "'keys' is empty"),
    ("keys: [{ id: a, secret: short }]", "the key 'a'"), ("keys: [{ id: a }]", "no key"),
    ("keys: [{ id: a, secret: \(secret), consumer: carol }]", "'consumer' is 'carol'"),
    ("keys: [{ id: a, secret: \(secret), algorithm: ed25519 }]", "the key 'a'"),
    (
      "keys: [{ id: a, secret: \(secret) }, { id: a, secret: \(secret) }]",
      "the key 'a' is there twice"
    ),
  ])
  func `Keys that cannot be meant are refused, and secrets are not shown`(
    yaml: String, wanted: String
  ) {
    let report = PolicyBench.make(MessageSignaturePolicy.self, yaml).report
    #expect(report.contains(wanted), "\(report)")
    #expect(!report.contains("short") && !report.contains(MessageSignatureTests.secret))
  }
}
