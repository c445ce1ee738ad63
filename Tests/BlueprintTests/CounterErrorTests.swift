import Blueprint
import Formats
import Testing

/// The sections `counters` and `plans`.
@Suite struct CounterErrorTests {
  @Test(arguments: [
    "redis://10.0.0.5", "redis://localhost:6380", "rediss://cache.example.com/15",
    "redis://[::1]:6379/0",
  ])
  func `A store of counts is read`(url: String) {
    #expect(complaints(around("counters: { redis: \"\(url)\" }")) == [])
  }

  @Test(arguments: [
    "http://10.0.0.5", "redis://", "redis://user:word@10.0.0.5", "redis://a:0", "redis://a:70000",
    "redis://a/x", "redis://a/123456", "redis://[::1", "redis://a b", "redis://a?x",
  ])
  func `What is no URL of one is refused`(url: String) {
    let found = complaints(around("counters: { redis: \"\(url)\" }"))
    #expect(found.count == 1 && found.first?.contains("no URL of Redis") == true, "\(found)")
  }

  @Test(arguments: [
    ("{}", "'redis' is missing"),
    ("{ redis: \"redis://a\", timeout: 5ms }", "'timeout'"),
    ("{ redis: \"redis://a\", gateways: 0 }", "'gateways'"),
    ("{ redis: \"redis://a\", prefix: \"a b\" }", "'prefix'"),
    ("{ redis: \"redis://a\", password: word }", "plain text"),
    ("{ redis: \"redis://a\", user: gate }", "'user' without 'password'"),
    ("{ redis: \"redis://a\", authority: ca.pem }", "'authority' without"),
    ("{ redis: \"redis://a\", pasword: x }", "did you mean 'password'?"),
  ])
  func `Mistakes in counters are named`(text: String, wanted: String) {
    let found = complaints(around("counters: \(text)"))
    #expect(found.contains { $0.contains(wanted) }, "\(found)")
  }

  @Test(arguments: [
    ("[{ name: a }]", "a plan without limits"),
    ("[{ limits: [1/day] }]", "'name' is missing"),
    ("[{ name: \"a b\", limits: [1/day] }]", "'name'"),
    ("[{ name: a, limits: [1/month] }]", "'limits'"),
    ("[{ name: a, quotas: [1/second] }]", "'quotas'"),
    ("[{ name: a, quotas: [1/day, 2/day] }]", "a second quota by the day"),
    ("[{ name: a, quotas: [{ limit: 1/day, warn: 101% }] }]", "'warn'"),
    ("[{ name: a, limits: [1/day] }, { name: a, limits: [1/day] }]", "there twice"),
    (
      "[{ name: a, default: true, limits: [1/day] }, { name: b, default: true, limits: [1/day] }]",
      "a second plan is the default"
    ),
    ("[{ name: a, limits: [1/day], time-zone: ../../etc/passwd }]", "'time-zone'"),
    ("[{ name: a, limits: [1/day], time-zone: /etc/passwd }]", "'time-zone'"),
  ])
  func `Mistakes in plans are named`(text: String, wanted: String) {
    let found = complaints(around("plans: \(text)"))
    #expect(found.contains { $0.contains(wanted) }, "\(found)")
  }

  @Test func `A consumer's plan is one that there is`() {
    let plans = "plans: [{ name: gold, quotas: [{ limit: 5/month, warn: 80% }] }]\n"
    #expect(complaints(around(plans + "consumers: [{ name: a, plan: gold }]")) == [])
    let found = complaints(around(plans + "consumers: [{ name: a, plan: golt }]"))
    #expect(found.count == 1 && found.first?.contains("did you mean 'gold'?") == true)
  }
}
