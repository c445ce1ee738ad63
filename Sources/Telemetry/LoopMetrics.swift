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
    case closed, refused, handshakes, handshakesFailed
    case upstreamRequests, connects, reused, failures, retries
    case bytesIn, bytesOut, durationNanoseconds, lagNanosecondsMax
  }

  /// Where the counts with labels begin, and how many there are.
  private static let classesStart = 24
  private static let problemsStart = 32
  private static let durationsStart = 64
  static let classCount = 6
  static let problemCountMax = 32

  /// Upper bounds of the histogram of durations, in microseconds.
  static let bounds: [UInt64] = [
    500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000,
    2_500_000, 5_000_000, 10_000_000,
  ]

  private let cells: InlineArray<88, Atomic<UInt64>> = InlineArray { _ in Atomic(0) }
  let routes: [LabelledCounts]
  let services: [LabelledCounts]

  /// Counts for a loop. To count by route and service as well, it needs the names that have been
  /// given numbers, or will be; without them everything is counted in sum alone.
  public init(routes: MetricNames? = nil, services: MetricNames? = nil) {
    self.routes = (0..<(routes?.rowCount ?? 0)).map { _ in LabelledCounts() }
    self.services = (0..<(services?.rowCount ?? 0)).map { _ in LabelledCounts() }
  }

  /// A client connected.
  public func connectionOpened() { add(.opened) }
  /// A client's connection was closed.
  public func connectionClosed() { add(.closed) }
  /// A client was turned away before it could speak.
  public func connectionRefused() { add(.refused) }
  /// A handshake was completed.
  public func tlsHandshakeSucceeded() { add(.handshakes) }
  /// A handshake came to nothing.
  public func tlsHandshakeFailed() { add(.handshakesFailed) }
  /// A request is sent to an upstream, first tries and later ones.
  public func upstreamRequested() { add(.upstreamRequests) }
  /// A connection to an upstream was begun.
  public func upstreamConnected() { add(.connects) }
  /// A connection to an upstream is used again.
  public func upstreamReused() { add(.reused) }
  /// A try at an upstream failed.
  public func upstreamFailed() { add(.failures) }
  /// A request is sent to an upstream again.
  public func upstreamRetried() { add(.retries) }

  /// A round of the loop took so long; the longest is kept.
  public func looped(nanoseconds: UInt64) {
    if nanoseconds > value(.lagNanosecondsMax) {
      cells[Count.lagNanosecondsMax.rawValue].store(nanoseconds, ordering: .relaxed)
    }
  }

  /// Counts an exchange that is over.
  ///
  /// `route` and `service` are the numbers that `MetricNames` gave their names; others, such as −1
  /// where there was none, are counted in sum alone.
  public func finished(
    route: Int, service: Int = -1, status: Int, problem: Problem?, nanoseconds: UInt64,
    bytesIn: UInt64, bytesOut: UInt64
  ) {
    let place = min(max(status / 100, 0), LoopMetrics.classCount - 1)
    add(1, at: LoopMetrics.classesStart + place)
    if let problem { add(1, at: LoopMetrics.problemsStart + Int(problem.rawValue)) }
    add(.bytesIn, bytesIn)
    add(.bytesOut, bytesOut)
    add(.durationNanoseconds, nanoseconds)
    let bucket = LoopMetrics.bucket(nanoseconds)
    add(1, at: LoopMetrics.durationsStart + bucket)
    if routes.indices.contains(route) { routes[route].add(at: place) }
    if services.indices.contains(service) {
      services[service].add(at: bucket)
      services[service].add(nanoseconds, at: LabelledCounts.count - 1)
    }
  }

  /// The first bucket whose bound is not below `nanoseconds`; the last has no bound.
  static func bucket(_ nanoseconds: UInt64) -> Int {
    var place = 0
    while place < bounds.count, nanoseconds > bounds[place] &* 1000 { place += 1 }
    return place
  }

  // MARK: Reading

  func value(_ count: Count) -> UInt64 { cells[count.rawValue].load(ordering: .relaxed) }

  /// Requests by the first digit of their status; 0 for those that got none.
  func requests(statusClass: Int) -> UInt64 {
    cells[LoopMetrics.classesStart + statusClass].load(ordering: .relaxed)
  }

  func refusals(_ problem: Problem) -> UInt64 {
    cells[LoopMetrics.problemsStart + Int(problem.rawValue)].load(ordering: .relaxed)
  }

  func durations(bucket: Int) -> UInt64 {
    cells[LoopMetrics.durationsStart + bucket].load(ordering: .relaxed)
  }

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
