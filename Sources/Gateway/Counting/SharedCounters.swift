import Base
import HTTP
import PolicyKit
import Runtime
import Telemetry
import Wire

/// One loop's way to the counts that several gateways keep together.
///
/// What is asked in one round of the loop goes out in one write, and answers come back in their
/// order. Nothing waits longer than it may: what is not answered in time is unknown, and while the
/// store is known to be away, everything is unknown at once.
final class SharedCounters {
  private enum State {
    /// A first connection is tried: what is asked waits for it.
    case connecting
    /// The connection is there, and the greeting was sent.
    case greeting
    case ready
    /// The store has not answered in time: until it does, nothing is asked.
    case stalled
    /// There is no connection, or one is tried after one that failed.
    case down
  }

  private struct Question {
    /// 0 once nobody waits any more.
    var ticket: UInt64
    let counts: [SharedCount]
    var deadline: Instant
    /// Whether the program itself went along.
    var isWhole = false
  }

  /// More at once than a store answers in the time that they may wait.
  private static let questionsMax = 8192
  /// How long a connection may take until it works, and how long a store may be silent while it is
  /// asked, before the connection is given up: in milliseconds.
  private static let connectMilliseconds = 1000
  private static let silenceMilliseconds = 1000
  private static let retryFirstMilliseconds = 50
  private static let retryLastMilliseconds = 1000

  let plan: PlanCounters
  private unowned let worker: Worker
  private var connection: CounterConnection?
  private var state = State.down
  /// What waits for the connection.
  private var waiting: [Question] = []
  /// What was sent and not answered, oldest first, from `sentFirst` on.
  private var sent: [Question] = []
  private var sentFirst = 0
  /// Replies of the greeting that are still to come.
  private var greetings = 0
  /// What the store calls the program.
  private var digest: [UInt8]?
  private var nextTry = Instant(nanoseconds: 0)
  private var pauseMilliseconds = SharedCounters.retryFirstMilliseconds
  private var connectDeadline = Instant.distantFuture
  private var attempt = 0
  private var address = IPAddress.unspecified

  init(_ plan: PlanCounters, worker: Worker) {
    self.plan = plan
    self.worker = worker
  }

  /// Begins to connect.
  func start() {
    state = .connecting
    connect(now: Clock.monotonic)
  }

  /// Ends the connection; who still waits is told that nothing is known.
  func close() {
    let (held, wasOpen) = (connection, isOpen)
    connection = nil
    if held != nil { plan.status.closed(worked: wasOpen) }
    held?.shut()
    state = .down
    nextTry = .distantFuture
    abandonAll()
  }

  private var isOpen: Bool { state == .ready || state == .stalled }

  // MARK: Asking

  /// Asks for the counts on behalf of whoever holds the ticket; false if that cannot be.
  func ask(_ ticket: UInt64, _ counts: [SharedCount]) -> Bool {
    let question = Question(
      ticket: ticket, counts: counts,
      deadline: worker.loop.now.adding(milliseconds: plan.timeoutMilliseconds))
    switch state {
    case .ready where sent.count - sentFirst < SharedCounters.questionsMax: send(question)
    case .connecting where waiting.count < SharedCounters.questionsMax,
      .greeting where waiting.count < SharedCounters.questionsMax:
      waiting.append(question)
    default:
      plan.status.missed()
      return false
    }
    return true
  }

  private func send(_ question: Question) {
    guard let connection else { return }
    var question = question
    question.isWhole = digest == nil
    connection.write {
      CounterScript.write(question.counts, prefix: plan.prefix, digest: digest, into: &$0)
    }
    sent.append(question)
  }

  /// Sends what was asked in this round, and gives up what has waited too long.
  func afterRound(now: Instant) {
    if let connection, connection.hasOutput, state != .connecting, connection.isWritable {
      connection.push()
    }
    if !sent.isEmpty || !waiting.isEmpty { expire(now) }
    if connection == nil {
      if now >= nextTry { connect(now: now) }
    } else if !isOpen, now >= connectDeadline, let connection {
      connection.shut()
      lost(connection, "it does not answer")
    }
  }

  private func expire(_ now: Instant) {
    let late = waiting.prefix { $0.deadline <= now }.map(\.ticket)
    waiting.removeFirst(late.count)
    for ticket in late { miss(ticket) }
    var place = sentFirst
    while place < sent.count, sent[place].deadline <= now {
      let ticket = sent[place].ticket
      sent[place].ticket = 0
      place += 1
      if ticket == 0 { continue }
      if state == .ready { state = .stalled }
      miss(ticket)
      // Whoever was called may have changed everything.
      place = max(place, sentFirst)
    }
    guard sentFirst < sent.count, let connection else { return }
    let silence = sent[sentFirst].deadline.adding(milliseconds: SharedCounters.silenceMilliseconds)
    if now >= silence {
      connection.shut()
      lost(connection, "it does not answer")
    }
  }

  private func miss(_ ticket: UInt64) {
    if ticket == 0 { return }
    plan.status.missed()
    worker.counted(ticket, [])
  }

  // MARK: The connection

  private func connect(now: Instant) {
    let addresses = plan.target.addresses(attempt: attempt)
    attempt &+= 1
    connectDeadline = now.adding(milliseconds: SharedCounters.connectMilliseconds)
    guard let address = addresses.first else {
      return failed("its name is not resolved", now)
    }
    self.address = address
    do throws(SystemError) {
      let descriptor = try Socket.connect(address, port: plan.target.port)
      let made = CounterConnection(descriptor: descriptor, worker: worker, counters: self)
      do throws(SystemError) {
        try worker.loop.add(made)
        connection = made
      } catch {
        Socket.close(descriptor)
        throw error
      }
    } catch {
      failed("\(error)", now)
    }
  }

  private func failed(_ reason: String, _ now: Instant) {
    plan.status.failed(plan.label, reason)
    state = .down
    nextTry = now.adding(milliseconds: pauseMilliseconds)
    pauseMilliseconds = min(2 * pauseMilliseconds, SharedCounters.retryLastMilliseconds)
    abandonAll()
  }

  /// Nobody will answer what was asked so far.
  private func abandonAll() {
    let open = sent[sentFirst...].map(\.ticket) + waiting.map(\.ticket)
    sent = []
    sentFirst = 0
    waiting = []
    for ticket in open { miss(ticket) }
  }

  /// The connection is there: says who we are, and gives the store the program.
  func connected(_ connection: CounterConnection) {
    guard connection === self.connection else { return }
    if state == .connecting { state = .greeting }
    var commands: [[String]] = []
    if let password = plan.password {
      commands.append(["AUTH"] + (plan.user.map { [$0] } ?? []) + [password])
    }
    if plan.database > 0 { commands.append(["SELECT", "\(plan.database)"]) }
    commands.append(["SCRIPT", "LOAD", CounterScript.source])
    greetings = commands.count
    digest = nil
    connection.write { output in
      for command in commands { RESPWriter.command(command, into: &output) }
    }
    connection.push()
  }

  /// A connection is gone.
  func lost(_ connection: CounterConnection, _ reason: String) {
    guard connection === self.connection else { return }
    self.connection = nil
    plan.status.closed(worked: isOpen)
    failed(reason, worker.loop.now)
  }

  // MARK: Replies

  func received(_ reply: RESPReply, _ connection: CounterConnection) {
    guard connection === self.connection else { return }
    if greetings > 0 { return greeted(reply, connection) }
    guard sentFirst < sent.count else {
      connection.shut()
      return lost(connection, "it answers what nobody asked")
    }
    let question = sent[sentFirst]
    sentFirst += 1
    if sentFirst == sent.count {
      sent.removeAll(keepingCapacity: true)
      sentFirst = 0
    } else if sentFirst >= 1024 {
      sent.removeFirst(sentFirst)
      sentFirst = 0
    }
    if state == .stalled, sent.isEmpty { state = .ready }
    answer(question, reply)
  }

  private func answer(_ question: Question, _ reply: RESPReply) {
    switch reply {
    case .integers(let numbers):
      guard let answers = CounterScript.answers(numbers, question.counts.count) else { break }
      if question.ticket == 0 { return }
      plan.status.counted()
      return worker.counted(question.ticket, answers)
    case .error(let words) where words.starts(with: Array("NOSCRIPT".utf8)) && !question.isWhole:
      // Somebody has the store forget programs: it gets this one again with the next question.
      digest = nil
      if question.ticket != 0 { send(question) }
      return
    case .error(let words):
      plan.status.refused(plan.label, words)
    case .status, .integer, .bulk: break
    }
    miss(question.ticket)
  }

  private func greeted(_ reply: RESPReply, _ connection: CounterConnection) {
    greetings -= 1
    if case .error(let words) = reply {
      connection.shut()
      return lost(connection, "it says: \(String(decoding: words, as: UTF8.self))")
    }
    guard greetings == 0 else { return }
    guard case .bulk(let name?) = reply, name.count == 40 else {
      connection.shut()
      return lost(connection, "it does not take the program")
    }
    digest = name
    state = .ready
    pauseMilliseconds = SharedCounters.retryFirstMilliseconds
    plan.status.opened(plan.label)
    attempt = 0
    plan.target.prefer(address)
    let held = waiting
    waiting = []
    for question in held { send(question) }
    connection.push()
  }
}
