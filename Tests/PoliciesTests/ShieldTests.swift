import HTTP
import PolicyKit
import Testing

@testable import Policies

@Suite struct ShieldTests {
  /// Shared, so that the rules are made once.
  private static let retained = RetainedState()
  private let policy = make("{ rules: own }").policy

  private static func make(
    _ yaml: String, routes: [PolicyRoute] = []
  ) -> (policy: ShieldPolicy, report: String) {
    PolicyBench.make(ShieldPolicy.self, yaml, retained: retained, routes: routes)
  }

  private static let attack = "1' or '1'='1"

  private func problem(
    _ policy: ShieldPolicy, type: String? = nil, _ content: String = "", path: String = "/",
    query: String = "", fields: [(String, String)] = [], route: Int = 0,
    then look: (BenchExchange) -> Void = { _ in }
  ) -> Problem? {
    let exchange = PolicyBench.exchange(
      fields + (type.map { [("content-type", $0)] } ?? []), method: content.isEmpty ? .get : .post)
    exchange.request.path = exchange.request.fields.store(path.utf8.span)
    exchange.request.query = exchange.request.fields.store(query.utf8.span)
    exchange.request.hasQuery = !query.isEmpty
    exchange.request.framing = content.isEmpty ? .none : .length(content.utf8.count)
    exchange.wallMilliseconds = 1_900_000_000_000
    exchange.route = route
    let verdict = exchange.inspected(content, by: policy)
    look(exchange)
    return PolicyBench.problem(verdict)
  }

  // PAY-05, CWE-436: the first field is not what every server reads.
  @Test func `Content of two types or of two encodings is refused`() {
    let hidden = "{\"a\":\"1\\u0027 or \\u00271\\u0027=\\u00271\"}"
    let (form, json) = ("application/x-www-form-urlencoded", "application/json")
    #expect(
      problem(policy, type: json, hidden, fields: [("content-type", form)]) == .malformedRequest)
    #expect(
      problem(policy, type: form, hidden, fields: [("content-type", json)]) == .malformedRequest)
    let encodings = [("content-encoding", "identity"), ("content-encoding", "gzip")]
    #expect(problem(policy, type: json, "{}", fields: encodings) == .unsupportedMediaType)
    #expect(problem(policy, type: json, "{}", fields: [encodings[0]]) == nil)
  }

  @Test func `An attack is found wherever a client can write`() {
    let plain = ShieldTests.attack
    let encoded = "1%27%20or%20%271%27=%271"
    let form = "application/x-www-form-urlencoded"
    let part = "--x\r\nContent-Disposition: form-data; "
    let multipart = "multipart/form-data; boundary=x"
    let requests: [(String?, String, String, String, [(String, String)])] = [
      (nil, "", "/a/\(encoded)/b", "", []), (nil, "", "/", "q=\(encoded)", []),
      (nil, "", "/", "\(encoded)=q", []), (nil, "", "/", "", [("x-any", plain)]),
      (nil, "", "/", "", [("cookie", "a=b; c=\(plain)")]),
      (form, "a=b&c=\(encoded)", "/", "", []), (form, "\(encoded)=a", "/", "", []),
      ("application/json", "{\"a\":[{\"b\":\"\(plain)\"}]}", "/", "", []),
      ("application/vnd.x+json", "{\"\(plain)\":1}", "/", "", []),
      ("application/json", "\"1\\u0027 or \\u00271\\u0027=\\u00271\"", "/", "", []),
      ("text/xml", "<a><b>\(plain)</b></a>", "/", "", []),
      ("text/xml", "<a b=\"1&#39; or &#39;1&#39;=&#39;1\"/>", "/", "", []),
      ("text/xml", "<a><![CDATA[\(plain)]]></a>", "/", "", []),
      ("text/xml", "<a><__proto__><isAdmin>1</isAdmin></__proto__></a>", "/", "", []),
      ("text/xml", "<a __proto__='x'/>", "/", "", []),
      (multipart, "\(part)name=\"a\"\r\n\r\n\(plain)\r\n--x--\r\n", "/", "", []),
      (multipart, "\(part)name=\"a\"; filename=\"\(plain)\"\r\n\r\nx\r\n--x--", "/", "", []),
      (multipart, "\(part)name=\"\(plain)\"\r\n\r\nx\r\n--x--", "/", "", []),
      ("text/plain", plain, "/", "", []), (nil, plain, "/", "", []),
      ("application/unknown", "{\"a\":\"\(plain)\"}", "/", "", []),
    ]
    for (type, content, path, query, fields) in requests {
      let found = problem(policy, type: type, content, path: path, query: query, fields: fields)
      #expect(found == .requestBlocked, "\(path) \(query) \(fields) \(content)")
    }
  }

  @Test func `Attacks of every kind are found, and nothing in harmless requests`() {
    let attacks = [
      "<svg onload=alert(1)>", "; cat /etc/passwd", "../../etc/passwd", "{{7*7}}",
      "*)(uid=*))(|(uid=*",
      "' or count(/*)=1 or 'a'='", "<!--#exec cmd=\"ls\"-->", "a\r\nSet-Cookie: b=c",
      "http://169.254.169.254/latest/meta-data/", "O:8:\"stdClass\":0:{}", "${jndi:ldap://x/y}",
      "rO0ABXNy", "__proto__[x]=1", "php://filter/x", "$(whoami)", "Invoke-WebRequest http://x",
      "{\"$ne\":1}", "db.users.drop()", "<?php echo 1;", "x' AND SLEEP(5)-- ",
    ]
    for attack in attacks {
      var encoded = ""
      for byte in attack.utf8 {
        encoded += "%" + String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
      }
      #expect(problem(policy, query: "q=\(encoded)") == .requestBlocked, "\(attack)")
    }
    #expect(problem(policy, type: "application/json", "{\"u\":{\"$gt\":\"\"}}") == .requestBlocked)
    #expect(
      problem(policy, type: "application/json", "{\"__proto__\":{\"a\":1}}") == .requestBlocked)
    for benign in [
      "a=b", "q=O%27Brien", "since=2026-01-01T00:00:00Z", "url=https://example.org/a?b=c",
      "n=10&m=x+y",
    ] {
      #expect(problem(policy, query: benign) == nil, "\(benign)")
    }
    let json =
      "{\"name\":\"A. Smith\",\"note\":\"Select the best; more than that & less.\",\"n\":[1,true,null]}"
    #expect(problem(policy, type: "application/json", json) == nil)
  }

  @Test func `Pieces of queries that end a string are found, and quotes in prose are not`() {
    for attack in [
      "aa' or column=column -- #aa", "asd'|column!='", "1'*null is null - '", "' NOT LIKE '",
      "aa\" or table.column^\"1", "-1#\r\n\r\nunion", "@version --", "1;call p(@version, @a)",
      "case 1 when 's' then 2 end", "1 OR (1 OR 1)--", "10;DROP members --",
      "d2hpbGUodHJ1ZSk7Cg==", "while(!\"\");",
    ] {
      let text = attack.map { $0 == "\"" ? "\\\"" : $0 == "\r\n" ? "\\r\\n" : String($0) }
      let escaped = "{\"q\":\"\(text.joined())\"}"
      #expect(problem(policy, type: "application/json", escaped) == .requestBlocked, "\(attack)")
    }
    for benign in [
      "the 'best' of both worlds", "rock 'n' roll", "say 'yes' or say 'no'", "O'Neil and O'Brien",
      "version 2; drop in any time", "in case when it rains then bring it to an end",
      "a \\\"small\\\" or \\\"large\\\" one", "call me - it's fine", "Zm9vYmFyYmF6cXV4",
    ] {
      #expect(
        problem(policy, type: "application/json", "{\"q\":\"\(benign)\"}") == nil, "\(benign)")
    }
  }

  @Test func `Uploads are looked at, and what passes for something else is refused`() {
    func upload(_ name: String, _ type: String, _ content: String) -> Problem? {
      problem(
        policy, type: "multipart/form-data; boundary=x",
        "--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\(name)\"\r\n"
          + "Content-Type: \(type)\r\n\r\n\(content)\r\n--x--\r\n")
    }
    let prose = String(repeating: "Nothing but harmless words here. ", count: 300)
    #expect(upload("a.txt", "text/plain", prose) == nil)
    #expect(upload("a.txt", "text/plain", prose + "<script>alert(1)</script>") == .requestBlocked)
    // Behind the bound of 64 KiB nothing is looked at.
    let long = String(repeating: prose, count: 8)
    #expect(upload("a.txt", "text/plain", long + "<script>alert(1)</script>") == nil)
    #expect(upload("a.png", "image/png", "MZ\u{1}\u{2}") == .requestBlocked)
    #expect(upload("a.pdf", "application/octet-stream", "MZ\u{1}\u{2}") == .requestBlocked)
    #expect(upload("a.gif", "image/gif", "GIF89a\u{1}<script>") == .requestBlocked)
    #expect(upload("a.jpg", "image/jpeg", "GIF89a\u{1}") == nil)
    #expect(upload("a.bin", "application/octet-stream", "MZ\u{1}\u{2}") == nil)
  }

  // DOS-07.
  @Test func `Content that cannot be looked at is refused`() {
    #expect(problem(policy, type: "application/json", "{\"a\":") == .malformedRequest)
    #expect(problem(policy, type: "multipart/form-data", "x") == .malformedRequest)
    #expect(
      problem(policy, type: "multipart/form-data; boundary=x", "--x\r\n\r\na") == .malformedRequest)
    #expect(
      problem(policy, type: "application/json", "{}", fields: [("content-encoding", "gzip")])
        == .unsupportedMediaType)
    let many = (0..<11_000).map { "a\($0)=b" }.joined(separator: "&")
    #expect(
      problem(policy, type: "application/x-www-form-urlencoded", many) == .contentTooLarge)
  }

  @Test func `The report says the same as the refusal, and no value`() {
    var blocked = ""
    var reported = ""
    let report = ShieldTests.make("{ rules: own, mode: report, errors: full }")
      .policy
    let query = "q=1%27%20or%20%271%27=%271"
    #expect(problem(policy, query: query) { blocked = $0.detail } == .requestBlocked)
    #expect(problem(report, query: query) { reported = $0.detail } == nil)
    #expect(blocked == reported && blocked.contains("19001001 query q (SQL injection)"))
    #expect(!blocked.contains("'1'"))
    let full = ShieldTests.make("{ rules: own, errors: full }").policy
    _ = problem(full, query: query) {
      #expect($0.problemErrors.contains("\"name\":\"q\",\"rule\":\"19001001\""))
    }
  }

  @Test func `Exceptions hold for their rules, place and time alone`() {
    let routes = [
      PolicyRoute(name: "search", service: "s", templates: []),
      PolicyRoute(name: "other", service: "s", templates: []),
    ]
    func make(_ text: String) -> ShieldPolicy {
      let yaml = "{ rules: own, exceptions: [{ rules: [gatehouse], reason: x, \(text) }] }"
      return ShieldTests.make(yaml, routes: routes).policy
    }
    let query = "q=1%27%20or%20%271%27=%271"
    #expect(problem(make("until: 2999-12-31"), query: query) == nil)
    #expect(problem(make("until: 2020-12-31"), query: query) == .requestBlocked)
    #expect(problem(make("until: 2999-12-31, parameter: q"), query: query) == nil)
    #expect(problem(make("until: 2999-12-31, parameter: p"), query: query) == .requestBlocked)
    #expect(problem(make("until: 2999-12-31, route: search"), query: query) == nil)
    #expect(
      problem(make("until: 2999-12-31, route: search"), query: query, route: 1) == .requestBlocked)
  }

  @Test func `Settings that mean nothing are reported`() {
    for (text, word) in [
      ("rules: no-such-folder", "no rule files"), ("paranoia: 5", "paranoia"),
      ("exceptions: [{ rules: [1], until: 2030-02-30, reason: x }]", "until"),
      ("exceptions: [{ rules: [1], until: 2030-02-28, reason: x }]", "rules"),
      ("exceptions: [{ until: 2030-02-28 }]", "reason"),
    ] {
      let report = ShieldTests.make("{ \(text) }").report
      #expect(report.contains(word), "\(text): \(report)")
    }
    #expect(ShieldTests.make("{}").report.contains("not installed"))
  }
}
