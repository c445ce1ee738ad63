import Base
import HTTP
import PolicyKit
import Runtime
import Telemetry
import Wire

/// Calls of gRPC: their deadlines, and refusals that their clients understand.
extension Forwarding {
  /// Bounds the exchange by what the caller says that it waits; false if it was refused.
  func bindDeadline(_ turn: inout Turn) -> Bool {
    if GRPCKind(of: turn.exchange.request) == .none { return true }
    guard let told = turn.exchange.request.fields.value(named: "grpc-timeout".utf8.span) else {
      return true
    }
    guard let wait = GRPCTimeout.nanoseconds(turn.exchange.request.fields[told]) else {
      refuse(&turn, .malformedRequest, "grpc-timeout", closes: false)
      return false
    }
    let (moment, isFar) = turn.exchange.start.nanoseconds.addingReportingOverflow(wait)
    let deadline = isFar ? Instant.distantFuture : Instant(nanoseconds: moment)
    if deadline < wholeDeadline {
      wholeDeadline = deadline
      callDeadline = deadline
    }
    if loop.now < deadline { return true }
    refuse(&turn, .upstreamTimeout, "the caller waits no longer", closes: false)
    return false
  }

  /// Refuses a call by a response that has trailers alone (gRPC over HTTP/2, "Responses"); false if
  /// the request is none, or its client could not read that.
  func refuseCall(
    _ turn: inout Turn, _ client: ClientConnection, _ problem: Problem, _ reason: StaticString,
    closes: Bool, fault: Fault
  ) -> Bool {
    let kind = GRPCKind(of: turn.exchange.request)
    if kind == .none || (kind == .grpc && stream == nil) { return false }
    turn.exchange.response.clear()
    turn.exchange.response.status = 200
    turn.exchange.response.fields.append(name: "content-type", text: kind.name)
    Reply.append(
      &turn.exchange.response.fields, "grpc-status", number: code(of: problem).rawValue)
    turn.exchange.response.fields.append(name: "grpc-message", text: problem.title)
    worker.appendDate(to: &turn.exchange.replyFields)
    responseFraming = stream == nil ? .length(0) : .none
    let ends = closesBehindAnswer(turn, closes: closes)
    sendHead(turn, client, framing: responseFraming, hasContent: false, closes: ends)
    isHeadSent = true
    // What was decided is written down, and not how it was told.
    turn.exchange.response.status = problem.status
    over(&turn, closes: ends, reason: reason, fault: fault)
    return true
  }

  private func code(of problem: Problem) -> GRPCCode {
    if problem == .upstreamTimeout, callDeadline != .distantFuture, loop.now >= callDeadline {
      return .deadlineExceeded
    }
    return GRPCCode(status: problem.status)
  }

  /// Ends a call whose response has begun and cannot be completed, by the trailers that say so;
  /// false if it is none.
  func cutCall(_ turn: inout Turn, _ fault: UpstreamFault) -> Bool {
    guard let stream, responseFraming == .chunked, stream.isAnswerSent,
      GRPCKind(of: turn.exchange.request) == .grpc
    else { return false }
    let problem: Problem = fault == .timedOut ? .upstreamTimeout : .badGateway
    var trailers = Fields()
    Reply.append(&trailers, "grpc-status", number: code(of: problem).rawValue)
    trailers.append(name: "grpc-message", text: problem.title)
    stream.end(trailers)
    over(&turn, closes: false, reason: fault.reason, fault: .upstream)
    return true
  }
}
