import Base
public import HTTP
import Synchronization

/// What one loop counts; written by the loop, read by whoever asks for metrics.
///
/// There is one writer, so that counting takes no lock and no locked instruction. All of it lies in
/// one piece, with a cache line to spare at both ends, so that no two loops write to the same.
public final class LoopMetrics: Sendable {
  /// The counts that have no label.
  enum Count: Int, CaseIterable {
    case opened = 8
    case closed, handshakes, retries, bytesIn, bytesOut, durationNanoseconds, roundNanoseconds
  }

  /// Where the counts with labels begin.
  enum Start {
    static let classes = 16
    static let rounds = 24
    static let refused = 32
    static let handshakeFaults = 40
    static let durations = 56
    static let problems = 72
    static let caches = 104
  }

  static let classCount = 6
  static let problemCountMax = 32
  /// Where a route's buckets and the sum of its durations stand, behind its classes.
  static let routeBuckets = 6
  static let routeNanoseconds = 13
  /// Where the sum of a service's durations stands, behind its buckets.
  static let serviceNanoseconds = 15

  private let cells: InlineArray<128, Atomic<UInt64>> = InlineArray { _ in Atomic(0) }
  let routes: [LabelledCounts]
  let services: [LabelledCounts]
  /// One for each upstream, and for all others together the last.
  let upstreams: [LabelledCounts]
  let consumers: [LabelledCounts]
  /// By policy: what it refused.
  let policies: [LabelledCounts]
  /// The numbers of consumers, whose names are not known when the plan is made.
  private let consumerNames: MetricNames?

  /// Counts for a loop. To count by route, service and upstream as well, it needs the names that
  /// have been given numbers, or will be; without them everything is counted in sum alone.
  public init(
    routes: MetricNames? = nil, services: MetricNames? = nil, upstreams: MetricNames? = nil,
    consumers: MetricNames? = nil, policies: MetricNames? = nil
  ) {
    consumerNames = consumers
    self.consumers = (0..<(consumers?.rowCount ?? 0)).map { _ in LabelledCounts() }
    self.policies = (0..<(policies?.rowCount ?? 0)).map { _ in LabelledCounts() }
    self.routes = (0..<(routes?.rowCount ?? 0)).map { _ in LabelledCounts() }
    self.services = (0..<(services?.rowCount ?? 0)).map { _ in LabelledCounts() }
    self.upstreams = (0..<(upstreams?.rowCount ?? 1)).map { _ in LabelledCounts() }
  }

  // MARK: Connections

  /// A client connected.
  public func connectionOpened() { add(.opened) }
  /// A client's connection was closed.
  public func connectionClosed() { add(.closed) }
  /// A client was turned away before it could speak.
  public func connectionRefused(_ cause: RefusedConnection) {
    add(1, at: Start.refused + Int(cause.rawValue))
  }
  /// A handshake was completed.
  public func tlsHandshakeSucceeded() { add(.handshakes) }
  /// A handshake came to nothing.
  public func tlsHandshakeFailed(_ fault: HandshakeFault) {
    add(1, at: Start.handshakeFaults + Int(fault.rawValue))
  }

  /// A round of the loop took so long: what was ready at its beginning waited up to that.
  public func looped(nanoseconds: UInt64) {
    add(1, at: Start.rounds + Buckets.place(nanoseconds, in: Buckets.rounds))
    add(.roundNanoseconds, nanoseconds)
  }

  // MARK: Upstreams, by the number that `MetricNames` gave them

  /// A request is sent to an upstream, first tries and later ones.
  public func upstreamRequested(_ number: Int, reusing: Bool) {
    let counts = upstream(number)
    counts.add(at: UpstreamCounts.requests)
    if reusing { counts.add(at: UpstreamCounts.reused) }
  }

  /// A connection to an upstream was begun.
  public func upstreamConnected(_ number: Int) { upstream(number).add(at: UpstreamCounts.connects) }

  /// The head of an upstream's response has come, so long after the request was sent.
  public func upstreamResponded(_ number: Int, nanoseconds: UInt64) {
    let counts = upstream(number)
    counts.add(at: UpstreamCounts.responses)
    counts.add(nanoseconds, at: UpstreamCounts.responseNanoseconds)
  }

  /// A try at an upstream failed.
  public func upstreamFailed(_ number: Int, _ failure: UpstreamFailure) {
    upstream(number).add(at: UpstreamCounts.failures + Int(failure.rawValue))
  }

  /// An upstream is kept out for a while.
  public func upstreamEjected(_ number: Int) { upstream(number).add(at: UpstreamCounts.ejections) }

  /// A request is sent to an upstream again.
  public func upstreamRetried() { add(.retries) }

  /// Notes how it stands with an upstream; those without a number of their own are left out.
  public func note(_ state: UpstreamState, ofUpstream number: Int) {
    guard number >= 0, number < upstreams.count - 1 else { return }
    upstreams[number].set(UInt64(max(0, state.active)), at: UpstreamCounts.active)
    upstreams[number].set(UInt64(state.idle), at: UpstreamCounts.idle)
    upstreams[number].set(state.returnsAt.nanoseconds, at: UpstreamCounts.returnsAt)
  }

  /// The counts of an upstream; numbers that nobody gave belong to the last.
  @inline(__always)
  private func upstream(_ number: Int) -> LabelledCounts {
    upstreams[number >= 0 && number < upstreams.count ? number : upstreams.count - 1]
  }

  // MARK: Exchanges

  /// The number by which a consumer is counted; that of all others once there are too many. Takes a
  /// lock: whoever asks keeps the answer.
  public func number(ofConsumer name: String) -> Int { consumerNames?.number(name) ?? -1 }

  /// A policy refused a request; `number` is what `MetricNames` gave its name.
  public func refused(byPolicy number: Int) {
    if policies.indices.contains(number) { policies[number].add(at: 0) }
  }

  /// Counts an exchange that is over.
  ///
  /// `route` and `service` are the numbers that `MetricNames` gave their names; others, such as −1
  /// where there was none, are counted in sum alone.
  public func finished(
    route: Int, service: Int = -1, consumer: Int = -1, status: Int, problem: Problem?,
    nanoseconds: UInt64,
    bytesIn: UInt64, bytesOut: UInt64
  ) {
    let place = min(max(status / 100, 0), LoopMetrics.classCount - 1)
    add(1, at: Start.classes + place)
    if let problem { add(1, at: Start.problems + Int(problem.rawValue)) }
    add(.bytesIn, bytesIn)
    add(.bytesOut, bytesOut)
    add(.durationNanoseconds, nanoseconds)
    let bucket = Buckets.place(nanoseconds, in: Buckets.requests)
    add(1, at: Start.durations + bucket)
    if routes.indices.contains(route) {
      let counts = routes[route]
      counts.add(at: place)
      let coarse = Buckets.place(nanoseconds, in: Buckets.routes)
      counts.add(at: LoopMetrics.routeBuckets + coarse)
      counts.add(nanoseconds, at: LoopMetrics.routeNanoseconds)
    }
    if consumers.indices.contains(consumer) {
      consumers[consumer].add(at: place)
      consumers[consumer].add(nanoseconds, at: LoopMetrics.routeNanoseconds)
    }
    if services.indices.contains(service) {
      services[service].add(at: bucket)
      services[service].add(nanoseconds, at: LoopMetrics.serviceNanoseconds)
    }
  }

  /// A request to a route with a cache.
  public func cached(_ outcome: CacheOutcome) { add(1, at: Start.caches + Int(outcome.rawValue)) }

  // MARK: Reading

  func value(_ count: Count) -> UInt64 { value(at: count.rawValue) }

  /// One of the counts with a label.
  func value(at place: Int) -> UInt64 { cells[place].load(ordering: .relaxed) }

  /// Connections that are open.
  var active: UInt64 {
    // Read in this order, no connection is closed that has not been opened.
    let closed = value(.closed)
    let opened = value(.opened)
    return opened > closed ? opened - closed : 0
  }

  @inline(__always)
  private func add(_ count: Count, _ more: UInt64 = 1) { add(more, at: count.rawValue) }

  /// Adds; for the thread that owns the counts alone.
  @inline(__always)
  private func add(_ more: UInt64, at place: Int) {
    cells[place].store(cells[place].load(ordering: .relaxed) &+ more, ordering: .relaxed)
  }
}
