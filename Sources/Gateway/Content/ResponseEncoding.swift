import Base
import Formats

/// The encoder of one response, and what has come out of it and has not gone to the client yet.
final class ResponseEncoding {
  let encoder: ContentEncoder
  /// Whether the client gets what there is whenever the upstream pauses.
  let isStreamed: Bool
  var output = ByteBuffer()
  /// Whether the response is whole, so that it ends with what is left here.
  var isEnding = false
  private(set) var hasFailed = false
  private var isDirty = false

  init(_ encoder: ContentEncoder, isStreamed: Bool) {
    self.encoder = encoder
    self.isStreamed = isStreamed
  }

  /// Takes content.
  func take(_ content: Span<UInt8>) {
    isDirty = true
    encode(content, .proceed)
  }

  /// Makes all that was taken ready to be sent.
  func flush() {
    if !isDirty { return }
    isDirty = false
    encode(Span(), .flush)
  }

  /// Ends the content.
  func finish() {
    isEnding = true
    encode(Span(), .finish)
  }

  private func encode(_ content: Span<UInt8>, _ action: ContentEncoder.Action) {
    if !hasFailed, !encoder.encode(content, action, into: &output) { hasFailed = true }
  }
}
