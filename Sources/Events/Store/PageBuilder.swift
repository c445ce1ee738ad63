import Base
import Formats
import Telemetry

/// Collects events column by column, and makes a page of them.
///
/// In a column, alike stands beside alike, which is what compression lives on, and a search reads
/// the columns alone that it asks about. What repeats is written once and referred to.
struct PageBuilder {
  /// Most events of a page.
  static let countMax = 32_768
  /// How long the events of a page may be together.
  private static let eventBytesMax = 32 << 20
  /// The longest column: every event with the longest text there is.
  static let columnBytesMax = countMax * 1100

  /// A column of numbers, and the entries that they stand for.
  struct Dictionary {
    var codes: [UInt16] = []
    var entries: Interner

    /// The number of the empty text; -1 before there is one.
    private var empty = -1

    init(entries: Interner) { self.entries = entries }

    @inline(__always)
    mutating func append(_ text: Span<UInt8>) {
      if text.isEmpty, empty >= 0 { return codes.append(UInt16(truncatingIfNeeded: empty)) }
      let number = entries.number(of: text)
      if text.isEmpty { empty = Int(number) }
      codes.append(number)
    }

    mutating func clear() {
      codes.removeAll(keepingCapacity: true)
      entries.clear()
      empty = -1
    }
  }

  private var groups, addresses, consumers, agents, paths, queries, referers, details: Dictionary
  private var credentials, subjects, requests: Dictionary
  private var times: [UInt8] = []
  private var sequences: [UInt8] = []
  private var durations: [UInt8] = []
  private var upstreams: [UInt8] = []
  private var bytesIn: [UInt8] = []
  private var bytesOut: [UInt8] = []
  private var workers: [UInt8] = []
  private var marks: [UInt8] = []
  private var requestNames: [UInt8] = []
  private var traces: [UInt8] = []
  private var spans: [UInt8] = []
  private var parents: [UInt8] = []
  /// How long all events are, as they came.
  private var eventBytes = 0
  private var lastTime: UInt64 = 0
  /// By loop: the number of its last event.
  private var lastSequences = [UInt64](repeating: 0, count: 256)
  private var header = PageHeader()

  /// A builder whose tables clients cannot know.
  init(seed: UInt64) {
    let one = Dictionary(entries: Interner(seed: seed))
    (groups, addresses, consumers, agents, paths, queries) = (one, one, one, one, one, one)
    (referers, details, credentials, subjects, requests) = (one, one, one, one, one)
  }

  var count: Int { marks.count }
  var isFull: Bool { marks.count >= PageBuilder.countMax }

  /// Whether so many events more are too many, or what there is takes too much memory: clients may
  /// make every text as long as it can be.
  func hasNoRoom(for more: Int) -> Bool {
    count + more > PageBuilder.countMax || eventBytes > PageBuilder.eventBytesMax
  }

  /// Takes in an event; there has to be room.
  mutating func append(_ event: borrowing Event) {
    precondition(!isFull, "the page is full")
    event.withGroup { figures, texts in
      groups.codes.append(groups.entries.number(of: figures, texts))
    }
    eventBytes += event.byteCount
    let client = event.client
    addresses.append(client.high, client.low)
    consumers.append(event[.consumer])
    agents.append(event[.userAgent])
    paths.append(event[.path])
    queries.append(event[.query])
    referers.append(event[.referer])
    details.append(event[.detail])
    credentials.append(event.credential)
    subjects.append(event.subject)
    let time = event.wallMilliseconds
    Planes.append(Planes.zigzag(Int64(truncatingIfNeeded: time &- lastTime)), to: &times)
    lastTime = time
    header.firstMilliseconds = min(header.firstMilliseconds, time)
    header.lastMilliseconds = max(header.lastMilliseconds, time)
    let (worker, sequence) = (event.worker & 255, event.sequence)
    workers.append(UInt8(worker))
    Planes.append(
      Planes.zigzag(Int64(truncatingIfNeeded: sequence &- lastSequences[worker])), to: &sequences)
    lastSequences[worker] = sequence
    Planes.append(event.durationMicroseconds, to: &durations)
    Planes.append(event.upstreamMicroseconds, to: &upstreams)
    Planes.append(event.bytesIn, to: &bytesIn)
    Planes.append(event.bytesOut, to: &bytesOut)
    appendNames(event)
  }

  private mutating func appendNames(_ event: borrowing Event) {
    var mark: UInt8 = 0
    let name = event[.requestID]
    let form = RequestName.append(name, to: &requestNames)
    mark |= form
    if form == 0 {
      requests.append(name)
    } else {
      requests.append(Span())
    }
    let trace = event.trace
    if trace.high | trace.low != 0 {
      mark |= PageMarks.hasTrace
      PageBuilder.append(trace.high, to: &traces)
      PageBuilder.append(trace.low, to: &traces)
    }
    if event.span != 0 {
      mark |= PageMarks.hasSpan
      PageBuilder.append(event.span, to: &spans)
    }
    if event.parentSpan != 0 {
      mark |= PageMarks.hasParent
      PageBuilder.append(event.parentSpan, to: &parents)
    }
    marks.append(mark)
  }

  /// The page of all events so far, which are gone from the builder; nil without memory.
  mutating func finish(_ compressor: Zstandard) -> [UInt8]? {
    header.count = marks.count
    header.sizes = []
    var body: [UInt8] = []
    body.reserveCapacity(1 << 20)
    for column in PageColumn.allCases {
      let raw = bytes(of: column)
      let start = body.count
      if raw.isEmpty {
        header.sizes.append((0, 0))
        continue
      }
      if column.isRandom {
        body += raw
      } else if !compressor.compress(raw.span, to: &body) {
        return nil
      }
      header.sizes.append((raw.count, body.count - start))
    }
    header.pageBytes = PageHeader.byteCount + body.count
    let page = header.bytes + body
    clear()
    return page
  }

  private func bytes(of column: PageColumn) -> [UInt8] {
    switch column {
    case .groupCodes: codes(groups)
    case .groups: Planes.bytes(ofEntries: groups.entries)
    case .addressCodes: codes(addresses)
    case .addresses: Planes.bytes(ofEntries: addresses.entries)
    case .consumerCodes: codes(consumers)
    case .consumers: Planes.bytes(ofEntries: consumers.entries)
    case .agentCodes: codes(agents)
    case .agents: Planes.bytes(ofEntries: agents.entries)
    case .pathCodes: codes(paths)
    case .paths: Planes.bytes(ofEntries: paths.entries)
    case .queryCodes: codes(queries)
    case .queries: Planes.bytes(ofEntries: queries.entries)
    case .refererCodes: codes(referers)
    case .referers: Planes.bytes(ofEntries: referers.entries)
    case .detailCodes: codes(details)
    case .details: Planes.bytes(ofEntries: details.entries)
    case .credentialCodes: codes(credentials)
    case .credentials: Planes.bytes(ofEntries: credentials.entries)
    case .subjectCodes: codes(subjects)
    case .subjects: Planes.bytes(ofEntries: subjects.entries)
    case .requestCodes: codes(requests)
    case .requests: Planes.bytes(ofEntries: requests.entries)
    case .times: times
    case .sequences: sequences
    case .durations: durations
    case .upstreams: upstreams
    case .bytesIn: bytesIn
    case .bytesOut: bytesOut
    case .workers: workers
    case .marks: marks
    case .requestNames: requestNames
    case .traces: traces
    case .spans: spans
    case .parents: parents
    }
  }

  private func codes(_ dictionary: Dictionary) -> [UInt8] {
    Planes.bytes(ofCodes: dictionary.codes, entryCount: dictionary.entries.count)
  }

  private mutating func clear() {
    groups.clear()
    addresses.clear()
    consumers.clear()
    agents.clear()
    paths.clear()
    queries.clear()
    referers.clear()
    details.clear()
    credentials.clear()
    subjects.clear()
    requests.clear()
    for column in [
      \PageBuilder.times, \.sequences, \.durations, \.upstreams, \.bytesIn, \.bytesOut, \.workers,
      \.marks, \.requestNames, \.traces, \.spans, \.parents,
    ] {
      self[keyPath: column].removeAll(keepingCapacity: true)
    }
    for place in lastSequences.indices { lastSequences[place] = 0 }
    (lastTime, eventBytes) = (0, 0)
    header = PageHeader()
  }

  /// Appends a number's eight bytes, the lowest first.
  @inline(__always)
  static func append(_ word: UInt64, to bytes: inout [UInt8]) {
    var word = word.littleEndian
    // Safety: the eight bytes of the number are read within the call.
    unsafe withUnsafeBytes(of: &word) { unsafe bytes.append(contentsOf: $0) }
  }
}

extension PageBuilder.Dictionary {
  /// Appends two words as a text.
  @inline(__always)
  mutating func append(_ first: UInt64, _ second: UInt64) {
    let words: InlineArray<2, UInt64> = [first.littleEndian, second.littleEndian]
    append(Span(_bytes: RawSpan(_elements: words.span)))
  }

  /// Appends a word as a text.
  @inline(__always)
  mutating func append(_ word: UInt64) {
    let words: InlineArray<1, UInt64> = [word.littleEndian]
    append(Span(_bytes: RawSpan(_elements: words.span)))
  }
}
