import Base
import HTTP
import Testing

@testable import Wire

/// What the gateway reads and writes of gRPC.
@Suite struct GRPCMessageTests {
  @Test func `A time to wait is one to eight digits and a unit`() {
    let fine: [(String, UInt64)] = [
      ("1n", 1), ("2u", 2_000), ("3m", 3_000_000), ("4S", 4_000_000_000), ("5M", 300_000_000_000),
      ("6H", 21_600_000_000_000), ("0S", 0), ("00000001S", 1_000_000_000), ("99999999H", .max),
    ]
    for (text, wanted) in fine {
      #expect(GRPCTimeout.nanoseconds(text.utf8.span) == wanted, "\(text)")
    }
    for text in ["", "S", "1", "1s", "1h", "-1S", "+1S", "1.5S", " 1S", "1S ", "123456789S", "1SS"]
    {
      #expect(GRPCTimeout.nanoseconds(text.utf8.span) == nil, "\(text)")
    }
  }

  @Test func `A call is known by its type`() {
    let types: [(String, GRPCKind)] = [
      ("application/grpc", .grpc), ("Application/gRPC+proto", .grpc),
      ("application/grpc;charset=x", .grpc), ("application/grpc-web", .web),
      ("application/grpc-web+proto", .web), ("application/grpc-web-text", .webText),
      ("application/grpc-web-text+proto", .webText), ("application/grpcx", .none),
      ("application/grpc-webx", .none), ("application/json", .none), ("", .none),
    ]
    for (type, kind) in types { #expect(GRPCKind(type: type.utf8.span) == kind, "\(type)") }
    var request = RequestHead()
    request.fields.append(.contentType, text: "application/grpc")
    #expect(GRPCKind(of: request) == .none)
    request.method = .post
    #expect(GRPCKind(of: request) == .grpc)
  }

  @Test func `A status becomes the code that stands for it`() {
    let codes = [
      400: 13, 401: 16, 403: 7, 404: 12, 429: 14, 502: 14, 503: 14, 504: 14, 413: 2, 500: 2,
    ]
    for (status, code) in codes { #expect(GRPCCode(status: status).rawValue == code, "\(status)") }
  }

  @Test func `Base64 comes back as it was, in one piece or several`() {
    var random: UInt64 = 7
    for count in 0..<200 {
      let bytes = (0..<count).map { _ in
        random = random &* 6_364_136_223_846_793_005 &+ 1
        return UInt8(truncatingIfNeeded: random >> 33)
      }
      var text = ByteBuffer()
      GRPCWebFrame.append(base64: bytes.span.extracting(first: count / 3), to: &text)
      GRPCWebFrame.append(base64: bytes.span.extracting((count / 3)...), to: &text)
      #expect(GRPCWebFrame.decode(text.readable) == bytes)
    }
  }

  @Test(arguments: [
    "A", "AA", "AAA", "AAA!", "====", "A===", "AA=A", "=AAA", "AB==", "AAB=", "AA A",
  ])
  func `Text that is no base64 is refused`(_ text: String) {
    #expect(GRPCWebFrame.decode(text.utf8.span) == nil)
  }

  @Test func `Trailers become a frame of lines`() {
    var fields = Fields()
    fields.append(name: "grpc-status", text: "0")
    fields.append(name: "x-sum", text: "42")
    fields.remove(named: "x-sum".utf8.span)
    var frame = ByteBuffer()
    GRPCWebFrame.append(trailers: fields, to: &frame)
    let bytes = Array(frame.storage[frame.readIndex..<frame.writeIndex])
    #expect(bytes == [0x80, 0, 0, 0, 16] + Array("grpc-status: 0\r\n".utf8))
  }
}
