import Base
import HTTP
import Wire

/// What came of feeding bytes to the parsers, in a form that tests compare.
enum Ending: Equatable {
  case end
  case incomplete
  case close
  case refused(Problem)
}

/// One request as the parser saw it.
struct ReadRequest: Equatable {
  var method: String
  var host: String
  var port: UInt16
  var path: String
  var query: String?
  var traits: UInt8
  var framing: BodyFraming
  var expectsContinue: Bool
  var fields: [String]
  var body: [UInt8]
  var trailers: [String]
}

/// Reads all requests in `raw`, given to the parser in pieces of `step` bytes.
func readRequests(
  _ raw: [UInt8], step: Int = .max, limits: Limits = Limits()
) -> (requests: [ReadRequest], ending: Ending) {
  var reader = RequestReader(limits: limits)
  var at = 0
  while at < raw.count {
    let count = min(step, raw.count - at)
    reader.input.append(raw.span.extracting(at..<at + count))
    at += count
    if let ending = reader.run() { return (reader.requests, ending) }
  }
  return (reader.requests, reader.isIdle ? .end : .incomplete)
}

/// Drives the parser and the decoder over one connection.
struct RequestReader {
  var input = ByteBuffer()
  var requests: [ReadRequest] = []
  private var parser: RequestParser
  private var decoder: BodyDecoder
  private var head = RequestHead()
  private var body: [UInt8] = []
  private var isInBody = false

  init(limits: Limits) {
    parser = RequestParser(limits: limits)
    decoder = BodyDecoder(limits: limits)
  }

  var isIdle: Bool { !isInBody && !parser.hasStarted && input.isEmpty }

  /// Goes on as far as the bytes reach; returns how it ended, or nil to be fed more.
  mutating func run() -> Ending? {
    while true {
      if !isInBody {
        switch parser.parse(&input, into: &head) {
        case .incomplete: return nil
        case .refused(let problem, _): return .refused(problem)
        case .complete:
          isInBody = true
          decoder.begin(head.framing)
        }
      }
      switch decoder.next(&input) {
      case .needMore: return nil
      case .refused(let problem, _): return .refused(problem)
      case .content(let count):
        for index in 0..<count { body.append(input.readable[index]) }
        decoder.took(count, from: &input)
      case .end:
        finish()
        if !parser.keepsAlive { return .close }
        parser.reset()
      }
    }
  }

  private mutating func finish() {
    requests.append(ReadRequest(head, body: body, trailers: lines(decoder.trailers)))
    head.clear()
    body = []
    isInBody = false
  }
}

extension ReadRequest {
  init(_ head: RequestHead, body: [UInt8], trailers: [String]) {
    let fields = head.fields
    self.init(
      method: fields.text(head.methodText), host: fields.text(head.host), port: head.port,
      path: fields.text(head.path), query: head.hasQuery ? fields.text(head.query) : nil,
      traits: head.pathTraits.rawValue, framing: head.framing,
      expectsContinue: head.expectsContinue, fields: lines(fields), body: body,
      trailers: trailers)
  }
}

/// The live fields of a message, in the form `name: value`.
func lines(_ fields: Fields) -> [String] {
  return fields.lines.filter { !$0.name.isEmpty }.map { latin($0.name) + ": " + latin($0.value) }

  func latin(_ slice: Slice) -> String {
    String(String.UnicodeScalarView(fields.arena[slice.range].map { Unicode.Scalar($0) }))
  }
}
