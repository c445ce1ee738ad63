package import Client

/// Traffic that was seen, as a HAR 1.2 document.
package struct HARRecording: Sendable {
  /// The most entries that are kept; what comes after is counted alone.
  package static let entriesMax = 20_000
  /// The most bytes of one content that are kept.
  private static let contentBytesMax = 1024 * 1024

  private var entries: [JSONValue] = []
  /// How many requests were seen.
  package private(set) var count = 0

  package init() {}

  /// Takes a request and its answer in; `time` is when it began, as RFC 3339 has it.
  package mutating func add(
    _ request: InterceptedRequest, _ answer: ClientResponse?, at time: String
  ) {
    count += 1
    guard entries.count < HARRecording.entriesMax else { return }
    let url = request.origin.description + request.target
    let query = request.target.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
    let pairs = query.split(separator: "&").map { pair -> JSONValue in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return [
        "name": .string(HARImport.decode(String(parts[0]))),
        "value": .string(parts.count > 1 ? HARImport.decode(String(parts[1])) : ""),
      ]
    }
    var sent: JSONValue = [
      "method": .string(request.method), "url": .string(url), "httpVersion": "HTTP/1.1",
      "cookies": [], "headers": .array(HARRecording.list(request.fields)),
      "queryString": .array(pairs), "headersSize": .integer(-1),
      "bodySize": .integer(request.body.count),
    ]
    if !request.body.isEmpty {
      let type = request.fields.first { $0.name == "content-type" }?.value ?? ""
      sent = sent.setting(
        "postData",
        ["mimeType": .string(type), "text": .string(HARRecording.text(request.body))])
    }
    let milliseconds = (answer?.elapsedNanoseconds ?? 0) / 1_000_000
    entries.append([
      "startedDateTime": .string(time), "time": .integer(Int(milliseconds)), "request": sent,
      "response": HARRecording.response(answer), "cache": .object([]),
      "timings": [
        "send": .integer(0), "wait": .integer(Int(milliseconds)), "receive": .integer(0),
      ],
    ])
  }

  private static func response(_ answer: ClientResponse?) -> JSONValue {
    let type = answer?.value("content-type") ?? ""
    let body = answer?.body ?? []
    return [
      "status": .integer(answer?.status ?? 0), "statusText": "", "httpVersion": "HTTP/1.1",
      "cookies": [], "headers": .array(list(answer?.fields ?? [])),
      "content": [
        "size": .integer(body.count), "mimeType": .string(type), "text": .string(text(body)),
      ],
      "redirectURL": .string(answer?.value("location") ?? ""), "headersSize": .integer(-1),
      "bodySize": .integer(body.count),
    ]
  }

  private static func list(_ fields: [(name: String, value: String)]) -> [JSONValue] {
    fields.map { ["name": .string($0.name), "value": .string($0.value)] }
  }

  private static func text(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.prefix(contentBytesMax), as: UTF8.self)
  }

  /// The recording as JSON text.
  package var text: String {
    let value: JSONValue = [
      "log": [
        "version": "1.2", "creator": ["name": "gatehouse", "version": "1"],
        "entries": .array(entries),
      ]
    ]
    return value.serialized + "\n"
  }
}
