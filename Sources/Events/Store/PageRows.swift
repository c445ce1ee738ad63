import Base
import Telemetry

/// All columns of a page, to make events of it again.
struct PageRows {
  private struct Dictionary {
    let entries: PageEntries
    let codes: [UInt16]

    init?(_ page: PageFile, _ codes: PageColumn, _ entries: PageColumn) {
      guard let found = page.entries(entries),
        let numbers = page.codes(codes, entryCount: found.count)
      else { return nil }
      self.entries = found
      self.codes = numbers
    }

    subscript(_ row: Int) -> Span<UInt8> {
      @_lifetime(borrow self) get { entries[Int(codes[row])] }
    }

    func word(_ row: Int, _ place: Int = 0) -> UInt64 { entries.word(Int(codes[row]), place) }
  }

  private let groups, addresses, consumers, agents, paths, queries, referers, details: Dictionary
  private let credentials, subjects, requests: Dictionary
  private let times, durations, upstreams, bytesIn, bytesOut: [UInt64]
  private let sequences: [UInt64]
  private let workers, marks, names, traces, spans, parents: [UInt8]
  /// By row: how many names, traces, spans and parents stand before its own.
  private let ranks: [(name: Int, trace: Int, span: Int, parent: Int)]

  /// The rows of a page; nil if a column is damaged.
  init?(_ page: PageFile) {
    guard let groups = Dictionary(page, .groupCodes, .groups),
      let addresses = Dictionary(page, .addressCodes, .addresses),
      let consumers = Dictionary(page, .consumerCodes, .consumers),
      let agents = Dictionary(page, .agentCodes, .agents),
      let paths = Dictionary(page, .pathCodes, .paths),
      let queries = Dictionary(page, .queryCodes, .queries),
      let referers = Dictionary(page, .refererCodes, .referers),
      let details = Dictionary(page, .detailCodes, .details),
      let credentials = Dictionary(page, .credentialCodes, .credentials),
      let subjects = Dictionary(page, .subjectCodes, .subjects),
      let requests = Dictionary(page, .requestCodes, .requests), let times = page.times(),
      let durations = page.numbers(.durations), let upstreams = page.numbers(.upstreams),
      let bytesIn = page.numbers(.bytesIn), let bytesOut = page.numbers(.bytesOut),
      let deltas = page.numbers(.sequences), let workers = page.bytes(.workers),
      let marks = page.bytes(.marks), let names = page.bytes(.requestNames),
      let traces = page.bytes(.traces), let spans = page.bytes(.spans),
      let parents = page.bytes(.parents),
      workers.count == page.header.count, marks.count == page.header.count
    else { return nil }
    (self.groups, self.addresses, self.consumers, self.agents) =
      (groups, addresses, consumers, agents)
    (self.paths, self.queries, self.referers, self.details) = (paths, queries, referers, details)
    (self.credentials, self.subjects, self.requests) = (credentials, subjects, requests)
    (self.times, self.durations, self.upstreams) = (times, durations, upstreams)
    (self.bytesIn, self.bytesOut, self.workers, self.marks) = (bytesIn, bytesOut, workers, marks)
    (self.names, self.traces, self.spans, self.parents) = (names, traces, spans, parents)
    sequences = PageRows.sequences(deltas, workers)
    guard let ranks = PageRows.ranks(marks), let last = ranks.last,
      last.name * 16 == names.count, last.trace * 16 == traces.count,
      last.span * 8 == spans.count, last.parent * 8 == parents.count
    else { return nil }
    self.ranks = ranks
  }

  /// Appends the event of a row; false if it is damaged.
  func append(_ row: Int, to buffer: inout ByteBuffer) -> Bool {
    var record = EventRecord()
    record.wallMilliseconds = times[row]
    record.client = IPAddress(high: addresses.word(row, 0), low: addresses.word(row, 1))
    let (mark, rank) = (marks[row], ranks[row])
    if mark & PageMarks.hasTrace != 0 {
      record.trace = (word(traces, 2 * rank.trace), word(traces, 2 * rank.trace + 1))
    }
    if mark & PageMarks.hasSpan != 0 { record.span = word(spans, rank.span) }
    if mark & PageMarks.hasParent != 0 { record.parentSpan = word(parents, rank.parent) }
    record.durationMicroseconds = durations[row]
    record.upstreamMicroseconds = upstreams[row]
    (record.bytesIn, record.bytesOut) = (bytesIn[row], bytesOut[row])
    record.credential = credentials.word(row)
    record.subject = subjects.word(row)
    let name =
      mark & PageMarks.hasName != 0 ? RequestName.text(names, 16 * rank.name, mark: mark) : []
    let texts = EventAssembly.Texts(
      consumer: consumers[row], userAgent: agents[row], path: paths[row], query: queries[row],
      referer: referers[row], requestID: name.isEmpty ? requests[row] : name.span,
      detail: details[row])
    return EventAssembly.append(
      record, worker: workers[row], sequence: sequences[row], group: groups[row], texts,
      to: &buffer)
  }

  private func word(_ bytes: [UInt8], _ place: Int) -> UInt64 {
    (0..<8).reduce(0) { $0 | UInt64(bytes[8 * place + $1]) << UInt64(8 * $1) }
  }

  private static func sequences(_ deltas: [UInt64], _ workers: [UInt8]) -> [UInt64] {
    var last = [UInt64](repeating: 0, count: 256)
    var sequences = deltas
    for row in deltas.indices {
      let worker = Int(workers[row])
      last[worker] = last[worker] &+ UInt64(bitPattern: Planes.unzigzag(deltas[row]))
      sequences[row] = last[worker]
    }
    return sequences
  }

  /// One more than there are rows: the last tells how many there are of each.
  private static func ranks(
    _ marks: [UInt8]
  ) -> [(name: Int, trace: Int, span: Int, parent: Int)]? {
    var ranks: [(name: Int, trace: Int, span: Int, parent: Int)] = []
    ranks.reserveCapacity(marks.count + 1)
    var rank = (name: 0, trace: 0, span: 0, parent: 0)
    for mark in marks {
      ranks.append(rank)
      if mark & PageMarks.hasName != 0 { rank.name += 1 }
      if mark & PageMarks.hasTrace != 0 { rank.trace += 1 }
      if mark & PageMarks.hasSpan != 0 { rank.span += 1 }
      if mark & PageMarks.hasParent != 0 { rank.parent += 1 }
    }
    ranks.append(rank)
    return ranks
  }
}
