public import HTTP

/// What one loop counts; written by the loop, read by whoever asks for metrics.
public final class LoopMetrics: Sendable {
  let requests: [Counter] = (0..<6).map { _ in Counter() }
  let problems: [Counter] = Problem.allCases.map { _ in Counter() }
  let opened = Counter()
  let closed = Counter()
  let refused = Counter()
  let handshakes = Counter()
  let handshakesFailed = Counter()
  let connects = Counter()
  let failures = Counter()
  let retries = Counter()
  let bytesIn = Counter()
  let bytesOut = Counter()
  let durations: [Counter] = (0...LoopMetrics.bounds.count).map { _ in Counter() }
  let durationNanoseconds = Counter()

  /// Upper bounds of the histogram of durations, in microseconds.
  static let bounds: [UInt64] = [
    500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000,
    2_500_000, 5_000_000, 10_000_000,
  ]

  public init() {}

  /// A client connected.
  public func connectionOpened() { opened.add() }
  /// A client's connection was closed.
  public func connectionClosed() { closed.add() }
  /// A client was turned away before it could speak.
  public func connectionRefused() { refused.add() }
  /// A handshake was completed.
  public func tlsHandshakeSucceeded() { handshakes.add() }
  /// A handshake came to nothing.
  public func tlsHandshakeFailed() { handshakesFailed.add() }
  /// A connection to an upstream was begun.
  public func upstreamConnected() { connects.add() }
  /// A try at an upstream failed.
  public func upstreamFailed() { failures.add() }
  /// A request is sent to an upstream again.
  public func upstreamRetried() { retries.add() }

  /// Counts an exchange that is over.
  public func finished(
    route: Int, status: Int, problem: Problem?, nanoseconds: UInt64, bytesIn: UInt64,
    bytesOut: UInt64
  ) {
    requests[min(max(status / 100, 0), 5)].add()
    if let problem { problems[Int(problem.rawValue)].add() }
    self.bytesIn.add(bytesIn)
    self.bytesOut.add(bytesOut)
    durationNanoseconds.add(nanoseconds)
    let bounds = LoopMetrics.bounds
    var place = 0
    while place < bounds.count, nanoseconds > bounds[place] &* 1000 { place += 1 }
    durations[place].add()
  }
}
