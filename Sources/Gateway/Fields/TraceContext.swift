import Base
import Blueprint
import HTTP
import PolicyKit
import Telemetry

/// The trace context of a request: passed on whole, or not at all.
enum TraceContext {
  /// The length that everyone has to pass on (W3C Baggage §3.3.2); what is longer is dropped.
  private static let baggageBytesMax = 8192

  @inline(__always)
  private static var fields: FieldNameSet {
    FieldNameSet().with(.traceparent).with(.tracestate).with(.baggage)
  }

  /// Whether a field belongs to the context.
  @inline(__always)
  static func holds(_ id: FieldName) -> Bool { fields.contains(id) }

  /// Removes what may not be passed on: all of it, if it comes from somebody whose word is not
  /// taken; a trace that is not told in one valid field, with the state that belongs to it (W3C
  /// Trace Context §4.3); baggage that is too long.
  static func check(_ request: inout RequestHead, from client: ClientConnection) {
    if !isAccepted(from: client) { return request.fields.remove(fields) }
    if !isValid(request.fields) {
      request.fields.remove(.traceparent)
      request.fields.remove(.tracestate)
    }
    var baggage = 0
    for index in request.fields.lines.indices where request.fields.lines[index].id == .baggage {
      baggage += Int(request.fields.lines[index].value.count) + 1
    }
    if baggage > baggageBytesMax + 1 { request.fields.remove(.baggage) }
  }

  private static func isAccepted(from client: ClientConnection) -> Bool {
    switch client.worker.plan.trace.accept {
    case .all: true
    case .none: false
    case .trustedHops:
      client.listener.settings.trustedHops.contains { $0.contains(client.address) }
    }
  }

  private static func isValid(_ fields: borrowing Fields) -> Bool {
    guard fields.count(.traceparent) == 1, let told = fields.value(.traceparent) else {
      return false
    }
    return TraceParent.isValid(fields[told])
  }

  /// Notes the trace that is told, or begins one where that is wanted, and has the upstream see a
  /// span of ours as its parent if we have one.
  static func begin(_ exchange: inout Exchange, _ worker: Worker) {
    let rule = worker.plan.trace
    guard let place = exchange.request.fields.value(.traceparent) else {
      guard let sampled = rule.sampled ?? (rule.hasSpans ? 0 : nil) else { return }
      exchange.trace = worker.traces.append(to: &exchange.request.fields, sampled: sampled)
      return
    }
    // It was checked already.
    guard worker.isRecording, var trace = TraceParent.read(exchange.request.fields[place]) else {
      return
    }
    if rule.hasSpans {
      worker.traces.join(&trace, in: &exchange.request.fields, at: place)
    } else {
      (trace.parent, trace.span) = (trace.span, 0)
    }
    exchange.trace = trace
  }
}
