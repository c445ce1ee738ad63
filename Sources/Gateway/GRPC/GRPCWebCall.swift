import Base
import HTTP
import Wire

/// A call of gRPC-Web that is passed on as one of gRPC, and its response back.
final class GRPCWebCall {
  let isText: Bool
  /// Content for the client that it has not taken yet.
  var output = ByteBuffer()
  private(set) var isTrailerWritten = false

  init(isText: Bool) { self.isText = isText }

  /// Content that is turned at once, in bytes: a multiple of three.
  static let stepBytes = 12 * 1024

  /// Writes content of the response.
  func write(_ content: Span<UInt8>) {
    if isText {
      GRPCWebFrame.append(base64: content, to: &output)
    } else {
      output.append(content)
    }
  }

  /// Writes the trailers, once, as the content's last frame.
  func write(trailers: borrowing Fields) {
    if isTrailerWritten { return }
    isTrailerWritten = true
    var frame = ByteBuffer()
    GRPCWebFrame.append(trailers: trailers, to: &frame)
    write(frame.readable)
  }
}
