import Base

/// One question on its way to a reply: which server is asked, since when, and how often.
///
/// A server that is silent, refuses or sends nonsense is followed by the next. A cut answer is
/// asked for again over TCP, from the same server.
final class ResolverQuery {
  /// What came out of it; failures are those of the last attempt.
  enum Outcome: Hashable {
    case addresses([IPAddress], ttlSeconds: UInt32)
    case nothing(ResolverError)
  }

  private let question: ResolverQuestion
  private let servers: [ResolverServer]
  private let attemptMilliseconds: Int
  private var attempts = 0
  private var id: UInt16 = 0
  private var strangers = 0
  private(set) var socket: ResolverSocket?
  private(set) var attemptEnds = Instant.distantFuture
  private(set) var outcome: Outcome?

  init(
    _ question: ResolverQuestion, servers: [ResolverServer], attemptMilliseconds: Int,
    now: Instant
  ) {
    self.question = question
    self.servers = servers
    self.attemptMilliseconds = attemptMilliseconds
    tryNext(after: .noServers, now)
  }

  /// The socket is ready: reads what there is.
  func ready(_ now: Instant) {
    guard let socket, outcome == nil else { return }
    switch socket.proceed() {
    case .nothing: return
    case .failed(let code): tryNext(after: .system(code: code), now)
    case .message(let message): take(message, isOverTCP: socket.isTCP, now)
    }
  }

  /// Goes on to the next server if the time for this one is over.
  func checkTime(_ now: Instant) {
    guard outcome == nil, now >= attemptEnds else { return }
    tryNext(after: strangers > 0 ? .malformedAnswer : .timedOut, now)
  }

  /// Ends without a reply.
  func abandon() {
    if outcome == nil { finish(.nothing(strangers > 0 ? .malformedAnswer : .timedOut)) }
  }

  /// Every server is asked at least once, and there are at least three attempts.
  private var attemptsMax: Int { servers.isEmpty ? 0 : max(3, 2 * servers.count) }

  private func take(_ message: [UInt8], isOverTCP: Bool, _ now: Instant) {
    let finding: ResolverReply.Finding
    do throws(ResolverReply.Flaw) {
      finding = try ResolverReply(message, to: question, id: id, isOverTCP: isOverTCP).finding
    } catch {
      refuse(error, isOverTCP: isOverTCP, now)
      return
    }
    switch finding {
    case .addresses(let addresses, let ttlSeconds):
      finish(.addresses(addresses, ttlSeconds: ttlSeconds))
    case .noSuchName: finish(.nothing(.noSuchName))
    case .noAddresses: finish(.nothing(.noAddresses))
    case .failed(let code): tryNext(after: .serverFailed(code: code), now)
    case .truncated: ask(servers[(attempts - 1) % servers.count], isTCP: true, now)
    }
  }

  /// A forged or belated datagram must not end the attempt, nor may a flood of them spin here.
  private func refuse(_ flaw: ResolverReply.Flaw, isOverTCP: Bool, _ now: Instant) {
    if flaw == .stranger, !isOverTCP {
      strangers += 1
      if strangers % ResolverLimits.strangersMax != 0 { return }
    }
    tryNext(after: .malformedAnswer, now)
  }

  private func tryNext(after error: ResolverError, _ now: Instant) {
    guard attempts < attemptsMax else {
      finish(.nothing(error))
      return
    }
    let server = servers[attempts % servers.count]
    attempts += 1
    ask(server, isTCP: false, now)
  }

  private func ask(_ server: ResolverServer, isTCP: Bool, _ now: Instant) {
    id = UInt16.random(in: 0...UInt16.max)
    attemptEnds = now.adding(milliseconds: attemptMilliseconds)
    do throws(ResolverError) {
      socket = try ResolverSocket(to: server, isTCP: isTCP, query: question.query(id: id))
    } catch {
      socket = nil
      tryNext(after: error, now)
    }
  }

  private func finish(_ outcome: Outcome) {
    self.outcome = outcome
    socket = nil
    attemptEnds = .distantFuture
  }
}
