import Base
import Foundation
import HTTP
import Testing

@testable import Telemetry

@Suite struct JSONLineTests {
  @Test func `A line tells what was asked and what came of it`() throws {
    let request = Logging.request(
      method: "POST", path: "/orders", query: "page=2",
      fields: [
        ("user-agent", "curl/8"), ("referer", "https://shop.test/a?token=abc&x=1"),
        ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
      ])
    var record = Logging.record()
    record.status = 502
    record.durationMicroseconds = 12_034
    record.upstreamMicroseconds = 5
    record.bytesIn = 17
    record.bytesOut = 1_234_567
    record.problem = .badGateway
    record.reason = "the head was cut"
    record.tlsVersion = "TLSv1.3"
    record.tlsCipher = "TLS_AES_128_GCM_SHA256"
    record.fault = .upstream
    let line = Logging.line(
      request, record, consumer: "alice", route: "orders", service: "shop",
      upstream: "10.0.0.1:80")
    #expect(
      line == #"""
        {"time":"2026-02-03T04:05:06.789Z","client":"192.0.2.7","method":"POST","path":"/orders",\#
        "query":"page=2","protocol":"HTTP/1.1","status":502,"bytes_in":17,"bytes_out":1234567,\#
        "duration_ms":12.034,"upstream_ms":0.005,"route":"orders","service":"shop",\#
        "consumer":"alice","upstream":"10.0.0.1:80","user_agent":"curl/8",\#
        "referer":"https://shop.test/a?token=***&x=1",\#
        "trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","tls":"TLSv1.3",\#
        "cipher":"TLS_AES_128_GCM_SHA256","problem":"bad-gateway","reason":"the head was cut",\#
        "fault":"upstream"}
        """#)
    _ = try Logging.object(line)
  }

  @Test func `A request that could not be read has empty parts`() throws {
    var record = Logging.record()
    record.status = 400
    record.problem = .malformedRequest
    let object = try Logging.object(Logging.line(RequestHead(), record))
    #expect(object["method"] as? String == "")
    #expect(object["path"] as? String == "")
    #expect(object["protocol"] as? String == "")
    #expect(object["status"] as? Int == 400)
    #expect(object["problem"] as? String == "malformed-request")
  }

  @Test(arguments: [
    "a\r\n{\"status\":200}", "\u{0}", "\u{1B}[2J\u{1B}]0;x\u{7}", "\u{202E}gpj.exe", "\u{9B}31m",
    "\u{2028}\u{2029}", "\u{FEFF}x\u{200B}", "\"},{\"", "\\", "\\u0041\\", "\u{7F}", "😀é漢",
    "\u{E0041}",
  ])
  func `Hostile text stays inside its string and reads back as it was`(text: String) throws {
    let request = Logging.request(method: text, path: text, fields: [("user-agent", text)])
    let line = Logging.line(request, consumer: text, route: text)
    let object = try Logging.object(line)
    for key in ["method", "path", "user_agent", "consumer", "route"] {
      #expect(object[key] as? String == text, "\(key)")
    }
    #expect(object["status"] as? Int == 200)
    let hidden: Set<Unicode.GeneralCategory> = [
      .control, .format, .lineSeparator, .paragraphSeparator,
    ]
    #expect(!line.unicodeScalars.contains { hidden.contains($0.properties.generalCategory) })
  }

  @Test(
    arguments: [
      [0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x80], [0x80],
    ] as [[UInt8]])
  func `Bytes that are no text are replaced`(bytes: [UInt8]) throws {
    let request = Logging.request(
      method: bytes, path: [0x2F] + bytes, query: bytes, fields: [("user-agent", bytes)])
    let object = try Logging.object(Logging.line(request))
    #expect((object["path"] as? String)?.contains("\u{FFFD}") == true)
    #expect((object["query"] as? String)?.contains("\u{FFFD}") == true)
  }

  @Test func `Text is cut between characters`() throws {
    let agent = String(repeating: "é", count: 400)
    for lead in ["", "x"] {
      let request = Logging.request(fields: [("user-agent", lead + agent)])
      let logged = try Logging.object(Logging.line(request))["user_agent"] as? String
      let value = try #require(logged)
      #expect(value.utf8.count <= 256 && value.utf8.count > 250)
      #expect(!value.contains("\u{FFFD}"))
    }
  }

  @Test(arguments: [
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
    "00-4BF92F3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
    "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01x",
    "00-4bf92f3577b34da6a3ce929d0e0e47\"6-00f067aa0ba902b7-01", "",
  ])
  func `A trace that is not valid is left out`(value: String) throws {
    let request = Logging.request(fields: [("traceparent", value)])
    #expect(try Logging.object(Logging.line(request))["trace_id"] == nil)
  }

  @Test func `A trace of a later version counts and several do not`() throws {
    let later = "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more"
    let one = Logging.request(fields: [("traceparent", later)])
    #expect(
      try Logging.object(Logging.line(one))["trace_id"] as? String
        == "4bf92f3577b34da6a3ce929d0e0e4736")
    let two = Logging.request(fields: [("traceparent", later), ("traceparent", later)])
    #expect(try Logging.object(Logging.line(two))["trace_id"] == nil)
  }

  @Test(arguments: [0x00, 0x22, 0xFF, 0x61] as [UInt8])
  func `The longest line there can be fits the room that is made for it`(byte: UInt8) throws {
    let long = [UInt8](repeating: byte, count: 100_000)
    let request = Logging.request(
      method: long, path: long, query: long,
      fields: [
        ("user-agent", long), ("referer", long), ("x-request-id", long),
        ("traceparent", Array("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".utf8)),
      ])
    var record = Logging.record()
    record.status = .max
    (record.bytesIn, record.bytesOut) = (.max, .max)
    (record.durationMicroseconds, record.upstreamMicroseconds) = (.max, .max)
    (record.problem, record.fault) = (.methodNotSupported, .upstream)
    record.client = try #require(IPAddress("1111:2222:3333:4444:5555:6666:7777:8888"))
    record.reason = "the header section is longer than it may be, or one of its lines is"
    (record.tlsVersion, record.tlsCipher) = ("TLSv1.3", "TLS_CHACHA20_POLY1305_SHA256")
    for format in [AccessLogSettings.Format.json, .common, .combined] {
      var encoder = LineEncoder(format, masking: MaskedNames())
      let names = long
      encoder.append(
        AccessEntry(
          record: record, requestID: request.fields.value(.xRequestID) ?? .empty,
          consumer: names.span, route: names.span, service: names.span, upstream: names.span,
          detail: names.span, fingerprint: [UInt8](repeating: 0x61, count: 36).span),
        request)
      #expect(encoder.block.count <= LineEncoder.lineBytesMax)
      #expect(encoder.block.capacity == AccessLogBuffer.blockBytes)
      if format == .json, byte == 0 { #expect(encoder.block.count > 30_000) }
    }
  }

  @Test func `Text is plain if nothing of it has to be escaped, wherever that stands`() {
    func isPlain(_ bytes: [UInt8]) -> Bool { LogText.isPlain(bytes.span) }
    for count in 0...20 {
      let plain = [UInt8](repeating: UInt8(ascii: "x"), count: count)
      #expect(isPlain(plain))
      for place in 0..<count {
        for byte in UInt8.min...UInt8.max {
          var text = plain
          text[place] = byte
          let mayStand = byte >= 0x20 && byte < 0x7F && byte != 0x22 && byte != 0x5C
          #expect(isPlain(text) == mayStand, "\(byte) at \(place) of \(count)")
        }
      }
    }
  }
}
