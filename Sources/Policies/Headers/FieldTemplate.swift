import Base
import HTTP
import PolicyKit

/// The value of a field as it is written in the configuration: text, and captures in braces.
///
/// `{{` and `}}` stand for braces. A captured byte that may not stand in a field becomes `?`, so
/// that no capture can end its line and begin another (CWE-113).
struct FieldTemplate: Sendable {
  /// What can be captured; the words of the configuration.
  enum Capture: String, CaseIterable, Sendable {
    case consumer
    case clientAddress = "client-address"
    case requestID = "request-id"
    case host, method, path, query
  }

  private enum Piece: Sendable {
    case text([UInt8])
    case capture(Capture)
  }

  /// Why a text is no template.
  enum Mistake: Error {
    case unknown(String)
    case brace
  }

  private let pieces: [Piece]

  init(_ text: String) throws(Mistake) {
    var pieces: [Piece] = []
    var literal: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte != UInt8(ascii: "{"), byte != UInt8(ascii: "}") {
        literal.append(byte)
      } else if rest.first == byte {
        rest.removeFirst()
        literal.append(byte)
      } else {
        guard byte == UInt8(ascii: "{"), let end = rest.firstIndex(of: UInt8(ascii: "}")) else {
          throw .brace
        }
        let word = String(decoding: rest[..<end], as: UTF8.self)
        guard let capture = Capture(rawValue: word) else { throw .unknown(word) }
        if !literal.isEmpty { pieces.append(.text(literal)) }
        literal = []
        pieces.append(.capture(capture))
        rest = rest[rest.index(after: end)...]
      }
    }
    if !literal.isEmpty { pieces.append(.text(literal)) }
    self.pieces = pieces
  }

  /// Writes the value for an exchange; nothing for a capture that the exchange has not.
  func write(_ exchange: borrowing Exchange, into value: inout ByteBuffer) {
    for piece in pieces {
      switch piece {
      case .text(let bytes): value.append(bytes)
      case .capture(let capture): write(capture, exchange, into: &value)
      }
    }
  }

  private func write(
    _ capture: Capture, _ exchange: borrowing Exchange, into value: inout ByteBuffer
  ) {
    switch capture {
    case .consumer:
      let name = exchange.consumer?.nameBytes ?? []
      append(name.span, to: &value)
    case .clientAddress: exchange.client.write(into: &value)
    case .requestID: append(exchange.request.fields[exchange.requestID], to: &value)
    case .host: append(exchange.request.fields[exchange.request.host], to: &value)
    case .method: append(exchange.request.fields[exchange.request.methodText], to: &value)
    case .path: append(exchange.request.fields[exchange.request.path], to: &value)
    case .query: append(exchange.request.fields[exchange.request.query], to: &value)
    }
  }

  private func append(_ bytes: Span<UInt8>, to value: inout ByteBuffer) {
    for index in bytes.indices {
      value.append(ASCII.isFieldValue(bytes[index]) ? bytes[index] : UInt8(ascii: "?"))
    }
  }
}
