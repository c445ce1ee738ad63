import Foundation
import Testing

/// Whose trace context reaches the upstream and the log.
@Suite(.serialized) struct TraceContextTests {
  private static let trace = "0af7651916cd43dd8448eb211c80319c"
  private static let parent = "00-\(trace)-b7ad6b7169203331-01"

  private func start(_ trace: String, listener: String = "") throws -> (
    RunningGateway, TestUpstream
  ) {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: Services.open(upstream.port), listener: listener,
      workers: 1,
      logging: "access.log, trace: \(trace)")
    return (gateway, upstream)
  }

  /// The value of a field of the request as the upstream got it.
  private func told(_ name: String, _ answer: Answer) -> String? {
    guard let start = answer.body.range(of: "\r\n\(name): ") else { return nil }
    return String(answer.body[start.upperBound...].prefix { $0 != "\r\n" && $0 != "\r" })
  }

  private func isValid(_ parent: String?) -> Bool {
    parent?.wholeMatch(of: /00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]/) != nil
  }

  @Test func `State goes with a valid parent alone, and the log has the trace`() throws {
    let (gateway, upstream) = try start("{ accept: all }")
    let client = try gateway.client()
    let whole = try client.request(
      "GET", "/", ["Traceparent: \(TraceContextTests.parent)", "Tracestate: a=b", "Baggage: c=d"])
    #expect(told("traceparent", whole) == TraceContextTests.parent)
    #expect(told("tracestate", whole) == "a=b")
    #expect(told("baggage", whole) == "c=d")
    let alone = try client.request("GET", "/", ["Tracestate: a=b"])
    #expect(told("tracestate", alone) == nil)
    #expect(told("traceparent", alone) == nil)
    let wrong = try client.request(
      "GET", "/", ["Traceparent: \(TraceContextTests.parent.uppercased())", "Tracestate: a=b"])
    #expect(told("traceparent", wrong) == nil)
    #expect(told("tracestate", wrong) == nil)
    let large = try client.request(
      "GET", "/", (0..<9).map { "Baggage: k\($0)=" + String(repeating: "v", count: 1000) })
    #expect(large.status == 200)
    #expect(told("baggage", large) == nil)
    let entries = try gateway.entries(4)
    #expect(entries[0]["trace_id"] as? String == TraceContextTests.trace)
    #expect(entries.dropFirst().allSatisfy { $0["trace_id"] == nil })
    withExtendedLifetime(upstream) {}
  }

  @Test func `Where none is told one is begun, if that is wanted`() throws {
    let (gateway, upstream) = try start("{ sample: 100% }")
    let client = try gateway.client()
    let passed = try client.request("GET", "/", ["Traceparent: \(TraceContextTests.parent)"])
    #expect(told("traceparent", passed) == TraceContextTests.parent)
    var begun: [String] = []
    for fields in [[], ["Traceparent: 00-0-0-01", "Tracestate: a=b"], []] {
      let answer = try client.request("GET", "/", fields)
      let parent = told("traceparent", answer)
      #expect(isValid(parent))
      #expect(parent?.hasSuffix("-01") == true)
      #expect(told("tracestate", answer) == nil)
      begun.append(String((parent ?? "").dropFirst(3).prefix(32)))
    }
    #expect(Set(begun).count == 3)
    let entries = try gateway.entries(4)
    #expect(entries.dropFirst().map { $0["trace_id"] as? String } == begun)
    withExtendedLifetime(upstream) {}
  }

  @Test(arguments: [
    ("none", "", false), ("trusted-hops", "", false),
    ("trusted-hops", "    trusted-hops: [10.0.0.0/8]", false),
    ("trusted-hops", "    trusted-hops: [127.0.0.0/8]", true),
  ])
  func `A context is taken from those alone who are believed`(
    accept: String, listener: String, isTaken: Bool
  ) throws {
    let (gateway, upstream) = try start("{ accept: \(accept), sample: 0% }", listener: listener)
    let answer = try gateway.client().request(
      "GET", "/",
      ["Traceparent: \(TraceContextTests.parent)", "Tracestate: a=b", "Baggage: c=d"])
    let parent = told("traceparent", answer)
    #expect(isValid(parent))
    #expect((parent == TraceContextTests.parent) == isTaken)
    #expect(isTaken || parent?.hasSuffix("-00") == true)
    #expect((told("tracestate", answer) != nil) == isTaken)
    #expect((told("baggage", answer) != nil) == isTaken)
    withExtendedLifetime(upstream) {}
  }
}
