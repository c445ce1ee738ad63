import Base
import Testing

@Suite struct LoginThrottleTests {
  private func fail(_ throttle: LoginThrottle, _ name: String, _ address: String, _ times: Int) {
    for _ in 0..<times { throttle.failed(name: name, address: address, now: 1_000_000) }
  }

  @Test func `Three failures are free, and each one more doubles the wait`() {
    let throttle = LoginThrottle()
    fail(throttle, "ann", "192.0.2.1", 2)
    #expect(throttle.wait(name: "ann", address: "192.0.2.1", now: 1_000_000) == 0)
    fail(throttle, "ann", "192.0.2.1", 1)
    #expect(throttle.wait(name: "ann", address: "192.0.2.1", now: 1_000_000) == 1)
    fail(throttle, "ann", "192.0.2.1", 1)
    #expect(throttle.wait(name: "ann", address: "192.0.2.1", now: 1_000_000) == 2)
    #expect(throttle.wait(name: "ann", address: "192.0.2.2", now: 1_000_000) == 0)
  }

  @Test func `All of a host's IPv6 addresses count as one`() {
    let throttle = LoginThrottle()
    for host in 1...4 { fail(throttle, "ann", "2001:db8::\(host)", 1) }
    #expect(throttle.wait(name: "ann", address: "2001:db8::ffff", now: 1_000_000) > 0)
    #expect(throttle.wait(name: "ann", address: "2001:db8:0:1::1", now: 1_000_000) == 0)
  }

  @Test func `A flood of other names does not have a guesser's failures forgotten`() {
    let throttle = LoginThrottle()
    fail(throttle, "ann", "192.0.2.1", 8)
    for number in 0..<20_000 {
      fail(throttle, "user\(number)", "198.18.\(number >> 8).\(number & 255)", 1)
    }
    #expect(throttle.wait(name: "ann", address: "192.0.2.1", now: 1_000_000) > 0)
  }
}
