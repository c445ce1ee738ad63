import Base
import Foundation
import HTTP
import Testing

@testable import Wire

private let conformanceFolder = ProcessInfo.processInfo.environment["GATEHOUSE_CONFORMANCE"]

/// The public cases of frames and header blocks.
@Suite(.enabled(if: conformanceFolder != nil)) struct HPACKConformanceTests {
  struct Story: Decodable {
    struct Case: Decodable {
      var wire: String
      var headers: [[String: String]]
      var header_table_size: Int?
    }

    var cases: [Case]
  }

  static let folders = ["nghttp2", "nghttp2-change-table-size", "swift-nio-hpack-huffman"]

  @Test(arguments: folders) func `Blocks of other encoders are read`(_ folder: String) throws {
    let path = try #require(conformanceFolder) + "/http2/hpack/" + folder
    var count = 0
    for file in try FileManager.default.contentsOfDirectory(atPath: path)
    where file.hasSuffix(".json") {
      let data = try Data(contentsOf: URL(filePath: path + "/" + file))
      let story = try JSONDecoder().decode(Story.self, from: data)
      var decoder = HPACKDecoder()
      var encoder = HPACKEncoder()
      var again = HPACKDecoder()
      for each in story.cases {
        let wanted = each.headers.flatMap { $0.map { "\($0.key): \($0.value)" } }
        #expect(read(bytes(each.wire), by: &decoder) == wanted, "\(file)")
        var block = ByteBuffer()
        encoder.begin(into: &block)
        for line in each.headers {
          for (name, value) in line {
            encoder.field(
              FieldName(name.utf8.span), name: name.utf8.span, value: value.utf8.span,
              into: &block)
          }
        }
        let written = Array(block.storage[block.readIndex..<block.writeIndex])
        #expect(read(written, by: &again) == wanted, "\(file)")
        count += 1
      }
    }
    #expect(count > 100)
  }

  private func read(_ block: [UInt8], by decoder: inout HPACKDecoder) -> [String] {
    var arena: [UInt8] = []
    var fields: [String] = []
    var at = 0
    decoder.begin()
    while true {
      switch decoder.next(block.span, &at, into: &arena, keeps: true) {
      case .field(let field):
        let name = String(decoding: arena[field.name.range], as: UTF8.self)
        fields.append(name + ": " + String(decoding: arena[field.value.range], as: UTF8.self))
      case .skipped, .end: return fields
      case .failed(let reason): return ["\(reason)"]
      }
    }
  }

  struct FrameCase: Decodable {
    struct Frame: Decodable {
      var length: Int
      var type: Int
      var flags: Int
      var stream_identifier: Int
    }

    var error: [Int]?
    var wire: String
    var frame: Frame?
    var description: String
  }

  // H2-15.
  @Test func `Frames of the public cases are taken, or end the connection with the right code`()
    throws
  {
    let path = try #require(conformanceFolder) + "/http2/frames"
    let names = try #require(FileManager.default.enumerator(atPath: path))
    var count = 0
    for case let name as String in names where name.hasSuffix(".json") {
      let data = try Data(contentsOf: URL(filePath: path + "/" + name))
      let each = try JSONDecoder().decode(FrameCase.self, from: data)
      let wire = bytes(each.wire)
      if let frame = each.frame {
        let header = HTTP2FrameHeader(wire.span)
        let wanted = [frame.length, frame.type, frame.flags, frame.stream_identifier]
        let found = [header.length, Int(header.type), Int(header.flags), Int(header.stream)]
        #expect(found == wanted, "\(name)")
        var written = ByteBuffer()
        header.write(into: &written)
        #expect(Array(written.storage[..<9]) == Array(wire[..<9]), "\(name)")
      } else {
        let connection = ServedConnection()
        connection.feed(wire)
        let codes = connection.frames().compactMap(\.code).map { Int($0) }
        // A client's PUSH_PROMISE, or a stream that was never opened, is wrong before its content.
        let wanted = (each.error ?? []) + [Int(HTTP2ErrorCode.protocolError.rawValue)]
        #expect(codes.contains { wanted.contains($0) }, "\(name): \(codes)")
      }
      count += 1
    }
    #expect(count > 30)
  }

  private func bytes(_ hex: String) -> [UInt8] {
    let digits = Array(hex.utf8)
    return stride(from: 0, to: digits.count, by: 2).compactMap { at in
      guard let high = ASCII.hexValue(digits[at]), let low = ASCII.hexValue(digits[at + 1]) else {
        return nil
      }
      return high << 4 | low
    }
  }
}
