import Formats
import HTTP
import PolicyKit
import Testing

@testable import Policies

@Suite struct LDAPTests {
  private func make(_ yaml: String) -> LDAPPolicy {
    let (policy, report) = PolicyBench.make(LDAPPolicy.self, yaml)
    #expect(report == "")
    return policy
  }

  private func exchange(_ pair: String) -> BenchExchange {
    let exchange = PolicyBench.exchange([
      ("authorization", "Basic " + Base64.encode(pair.utf8.span, .standard))
    ])
    exchange.wallMilliseconds = 1_000_000
    return exchange
  }

  private func asked(_ policy: LDAPPolicy, _ exchange: BenchExchange) -> (DirectoryQuestion, Need)?
  {
    guard case .wait(let need) = policy.review(exchange), case .directory(let question) = need.work
    else { return nil }
    return (question, need)
  }

  // JWT-22, CWE-90.
  @Test(arguments: [
    ("carol", "uid=carol,ou=p", "(uid=carol)"),
    ("*", "uid=\\2a,ou=p", "(uid=\\2a)"),
    ("a)(uid=*", "uid=a\\29\\28uid\\3d\\2a,ou=p", "(uid=a\\29\\28uid=\\2a)"),
    ("x,ou=admins", "uid=x\\2cou\\3dadmins,ou=p", "(uid=x,ou=admins)"),
    ("a\\b", "uid=a\\5cb,ou=p", "(uid=a\\5cb)"),
    ("#x+y\"z;", "uid=\\23x\\2by\\22z\\3b,ou=p", "(uid=#x+y\"z;)"),
    ("ü", "uid=\\c3\\bc,ou=p", "(uid=\\c3\\bc)"),
  ])
  func `A name stays a value, whatever is in it`(name: String, entry: String, filter: String) {
    let byEntry = make("{ url: 'ldaps://d', entry: 'uid={user},ou=p' }")
    #expect(asked(byEntry, exchange("\(name):pw"))?.0.entry == entry)
    let bySearch = make("{ url: 'ldaps://d', base: 'ou=p', filter: '(uid={user})' }")
    #expect(asked(bySearch, exchange("\(name):pw"))?.0.search?.filter == filter)
  }

  @Test func `An answer tells who calls and in which groups, or that something is wrong`() throws {
    let policy = make("{ url: 'ldaps://d', entry: 'uid={user}' }")
    let right = exchange("carol:pw")
    let (_, need) = try #require(asked(policy, right))
    need.settle(.value(DirectoryAnswer.right(entry: "uid=carol", groups: ["staff"])))
    right.needs.append(need)
    #expect(PolicyBench.problem(policy.review(right)) == nil)
    #expect(right.consumer?.name == "carol")
    #expect(right.consumer?.groups == ["staff"])
    #expect(PolicyBench.problem(policy.review(exchange("carol:pw"))) == nil)
    let wrong = exchange("carol:other")
    let (_, second) = try #require(asked(policy, wrong))
    second.settle(.value(DirectoryAnswer.wrong))
    wrong.needs.append(second)
    #expect(PolicyBench.problem(policy.review(wrong)) == .credentialsInvalid)
    let unknown = exchange("dave:pw")
    let (_, third) = try #require(asked(policy, unknown))
    third.settle(.failed("down"))
    unknown.needs.append(third)
    #expect(PolicyBench.problem(policy.review(unknown)) == .upstreamUnavailable)
  }

  // RFC 4513 §5.1.2: an empty password binds as nobody, which servers call a success.
  @Test func `An empty password is never sent`() {
    let policy = make("{ url: 'ldaps://d', entry: 'uid={user}' }")
    #expect(PolicyBench.problem(policy.review(exchange("carol:"))) == .credentialsInvalid)
  }

  @Test func `How the connection is secured follows from the URL`() {
    func security(_ yaml: String) -> DirectoryQuestion.Security? {
      asked(make(yaml), exchange("a:b"))?.0.security
    }
    #expect(security("{ url: 'ldaps://d', entry: 'x={user}' }") == .implicit)
    #expect(security("{ url: 'ldap://d', entry: 'x={user}' }") == .startTLS)
    #expect(
      security("{ url: 'ldap://127.0.0.1:389', start-tls: false, entry: 'x={user}' }")
        == DirectoryQuestion.Security.none)
  }

  @Test(arguments: [
    ("{ entry: 'x={user}' }", "'url' is missing"),
    ("{ url: 'http://d', entry: 'x={user}' }", "'url' is"),
    ("{ url: 'ldap://d/dc=x??sub', entry: 'x={user}' }", "'url' is"),
    ("{ url: 'ldap://d', start-tls: false, entry: 'x={user}' }", "in clear text"),
    ("{ url: 'ldaps://d', start-tls: true, entry: 'x={user}' }", "'start-tls' with ldaps://"),
    ("{ url: 'ldaps://d' }", "nothing says where callers are"),
    ("{ url: 'ldaps://d', entry: 'x={user}', base: y }", "callers are in two places"),
    ("{ url: 'ldaps://d', entry: 'uid=x' }", "a text with {user} in it"),
    ("{ url: 'ldaps://d', base: y, filter: '(uid=x)' }", "a text with {user} in it"),
    ("{ url: 'ldaps://d', base: y, service: 'cn=x' }", "go together"),
    ("{ url: 'ldaps://d', base: y, authority: none.pem }", "none.pem"),
  ])
  func `Settings that cannot be meant are refused`(yaml: String, wanted: String) {
    let report = PolicyBench.make(LDAPPolicy.self, yaml).report
    #expect(report.contains(wanted), "\(report)")
  }
}
