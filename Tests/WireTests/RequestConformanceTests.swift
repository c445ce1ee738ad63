import Base
import Foundation
import HTTP
import Testing
import Wire

private let conformanceFolder = ProcessInfo.processInfo.environment["GATEHOUSE_CONFORMANCE"]

/// The public cases of request parsing and smuggling, when `GATEHOUSE_CONFORMANCE` names the folder
/// that holds them.
@Suite(.enabled(if: conformanceFolder != nil)) struct RequestConformanceTests {
  struct Message: Decodable {
    var method: String
    var target: String
    var host: String
    var headers: [[String]]
    var framing: String
    var body_b64: String
    var trailers: [[String]]?
    var unknown_method: Bool?
    var may_reject: Bool?
  }

  struct Case: Decodable {
    var name: String
    var raw_b64: String
    var expect: String
    var then: String
    var why: String
    var messages: [Message]?

    var raw: [UInt8] { [UInt8](Data(base64Encoded: raw_b64) ?? Data()) }
  }

  static func cases() throws -> [Case] {
    let path = try #require(conformanceFolder) + "/http1/requests.jsonl"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    return try text.split(separator: "\n").map {
      try JSONDecoder().decode(Case.self, from: Data($0.utf8))
    }
  }

  @Test func `Every case is read as the strict policy says`() throws {
    var wrong: [String] = []
    let cases = try Self.cases()
    for entry in cases {
      let (requests, ending) = readRequests(entry.raw)
      if let fault = Self.fault(entry, requests, ending) {
        wrong.append("\(entry.name): \(fault) [\(entry.expect)/\(entry.then): \(entry.why)]")
      }
    }
    #expect(!cases.isEmpty)
    #expect(wrong.isEmpty, "\(wrong.count) of \(cases.count):\n\(wrong.joined(separator: "\n"))")
  }

  @Test func `Every case reads the same byte by byte`() throws {
    for entry in try Self.cases() {
      let whole = readRequests(entry.raw)
      let slow = readRequests(entry.raw, step: 1)
      #expect(whole.requests == slow.requests, "\(entry.name)")
      #expect(whole.ending == slow.ending, "\(entry.name)")
    }
  }

  private static func fault(
    _ entry: Case, _ requests: [ReadRequest], _ ending: Ending
  ) -> String? {
    let isRefused = if case .refused = ending { true } else { false }
    let messages = entry.messages ?? []
    switch entry.expect {
    case "reject", "either":
      return isRefused && requests.isEmpty ? nil : "not refused, \(ending) \(requests.count)"
    case "incomplete":
      return requests.isEmpty && (isRefused || ending == .incomplete) ? nil : "\(ending)"
    default:
      if let fault = fault(messages, requests, isRefused: isRefused, raw: entry.raw) {
        return fault + " \(ending)"
      }
      if requests.count < messages.count { return nil }
      let wanted: [Ending] =
        switch entry.then {
        case "end": [.end]
        case "incomplete": [.incomplete]
        case "close": [.close]
        default: []
        }
      if entry.then == "reject" { return isRefused ? nil : "then \(ending)" }
      return wanted.contains(ending) || (entry.then == "incomplete" && isRefused)
        ? nil : "then \(ending)"
    }
  }

  private static func fault(
    _ messages: [Message], _ requests: [ReadRequest], isRefused: Bool, raw: [UInt8]
  ) -> String? {
    for (index, message) in messages.enumerated() {
      if index >= requests.count {
        if isRefused, message.may_reject == true || isPolicy(message) { return nil }
        return "request \(index) missing"
      }
      let read = requests[index]
      if read.method != message.method { return "method \(read.method)" }
      let body = [UInt8](Data(base64Encoded: message.body_b64) ?? Data())
      if read.body != body { return "body" }
      let target = read.path + (read.query.map { "?" + $0 } ?? "")
      if !message.target.hasSuffix(target) {
        let isChanged = message.target.contains("%") || message.target.contains("/.")
        if !isChanged && !message.target.contains("://") {
          return "target \(target) for \(message.target)"
        }
      }
      if !message.host.lowercased().hasPrefix(read.host) { return "host \(read.host)" }
      let fields = message.headers.map { $0[0].lowercased() + ": " + $0[1] }
      for field in read.fields where !field.hasPrefix("host:") && !field.hasPrefix("connection:") {
        if !fields.contains(field) { return "field \(field)" }
      }
      let trailers = (message.trailers ?? []).map { $0[0].lowercased() + ": " + $0[1] }
      if read.trailers != trailers { return "trailers \(read.trailers)" }
    }
    return requests.count > messages.count ? "\(requests.count) requests" : nil
  }

  /// What the gateway refuses although the grammar allows it: methods that it does not serve, and
  /// names with an underscore, which some servers take for a hyphen.
  private static func isPolicy(_ message: Message) -> Bool {
    message.method == "CONNECT" || message.method == "TRACE"
      || message.headers.contains { $0[0].contains("_") }
  }
}
