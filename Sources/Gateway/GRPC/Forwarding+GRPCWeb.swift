import Base
import HTTP
import PolicyKit
import Wire

/// gRPC-Web, where a service has it turned into gRPC: the upstream sees a call like any other.
extension Forwarding {
  /// Whether the content has to be there whole, since it is text that stands for the call's.
  func holdsText(_ turn: borrowing Turn, _ route: PlanRoute) -> Bool {
    route.service.takesGRPCWeb && turn.exchange.request.hasBody
      && GRPCKind(of: turn.exchange.request) == .webText
  }

  /// Makes the request one of gRPC; false if it was refused.
  func translateCall(_ turn: inout Turn) -> Bool {
    let kind = GRPCKind(of: turn.exchange.request)
    guard kind == .web || kind == .webText else { return true }
    if kind == .webText {
      guard let content = GRPCWebFrame.decode(collected.span) else {
        refuse(&turn, .malformedRequest, "grpc-web-text is no base64", closes: false)
        return false
      }
      collected = content
      requestFraming = turn.exchange.request.hasBody ? .length(content.count) : requestFraming
      turn.exchange.request.framing = requestFraming
    }
    Forwarding.rename(kind, to: .grpc, in: &turn.exchange.request.fields)
    turn.exchange.request.acceptsTrailers = true
    webCall = GRPCWebCall(isText: kind == .webText)
    return true
  }

  /// Makes the head of the response one of gRPC-Web; what is no response of gRPC stays as it is.
  func translateHead(_ turn: inout Turn, _ call: GRPCWebCall) {
    guard GRPCKind(of: turn.exchange.response.fields) == .grpc else {
      webCall = nil
      return
    }
    Forwarding.rename(
      .grpc, to: call.isText ? .webText : .web, in: &turn.exchange.response.fields)
    if turn.exchange.response.framing == .length(0) {
      // Trailers alone stand in the head, where such clients look for them, too.
      webCall = nil
    } else if turn.exchange.response.framing != .none {
      turn.exchange.response.framing = .chunked
    }
  }

  private static func rename(_ old: GRPCKind, to new: GRPCKind, in fields: inout Fields) {
    guard let type = fields.value(.contentType) else { return }
    var text = ByteBuffer()
    text.append(new.name)
    text.append(fields[type].extracting(old.name.utf8CodeUnitCount...))
    fields.set(.contentType, text.readable)
  }

  /// Passes on what was turned; false if the client takes no more for now.
  func drain(_ call: GRPCWebCall, _ client: ClientConnection) -> Bool {
    if call.output.isEmpty { return true }
    call.output.consume(deliver(call.output.readable, client))
    return call.output.isEmpty
  }
}
