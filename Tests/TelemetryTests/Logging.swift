import Base
import Foundation
import HTTP

@testable import Telemetry

/// Makes requests and the lines that they leave.
enum Logging {
  /// 2026-02-03T04:05:06.789Z.
  static let moment: UInt64 = 1_770_091_506_789

  static func request(
    method: String = "GET", path: String = "/", query: String? = nil,
    fields: [(String, String)] = []
  ) -> RequestHead {
    request(
      method: Array(method.utf8), path: Array(path.utf8), query: query.map { Array($0.utf8) },
      fields: fields.map { ($0.0, Array($0.1.utf8)) })
  }

  static func request(
    method: [UInt8], path: [UInt8], query: [UInt8]?, fields: [(String, [UInt8])]
  ) -> RequestHead {
    var head = RequestHead()
    head.methodText = head.fields.store(method.span)
    head.path = head.fields.store(path.span)
    if let query {
      head.hasQuery = true
      head.query = head.fields.store(query.span)
    }
    for (name, value) in fields {
      head.fields.append(name: Array(name.utf8).span, value: value.span)
    }
    return head
  }

  static func record() -> AccessRecord {
    var record = AccessRecord()
    record.wallMilliseconds = moment
    record.client = IPAddress("192.0.2.7") ?? .unspecified
    record.status = 200
    return record
  }

  /// The line of one exchange, without its end.
  static func line(
    _ request: RequestHead, _ record: AccessRecord = record(),
    format: AccessLogSettings.Format = .json, masking: [String] = [], consumer: String = "",
    route: String = "", service: String = "", upstream: String = ""
  ) -> String {
    var encoder = LineEncoder(format, masking: MaskedNames(masking))
    let names = [consumer, route, service, upstream].map { Array($0.utf8) }
    let (who, way, what, whereto) = (names[0], names[1], names[2], names[3])
    encoder.append(
      AccessEntry(
        record: record, requestID: .empty, consumer: who.span, route: way.span,
        service: what.span, upstream: whereto.span, detail: Span(),
        fingerprint: Span()),
      request)
    return String(decoding: encoder.block.storage[..<(encoder.block.count - 1)], as: UTF8.self)
  }

  /// The line as the object that it must be.
  static func object(_ line: String) throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
    return object as? [String: Any] ?? [:]
  }
}
