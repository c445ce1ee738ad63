import PolicyKit
import SecLang
import Synchronization

/// Room for looking at one request at a time, which keeps its storage for the next.
final class InspectionRoom: Sendable {
  private struct State: ~Copyable, Sendable {
    var inspection: Inspection
    var reading = RequestReading()
  }

  /// Who took the room is alone in it, so that nobody ever waits here.
  private let state: Mutex<State>

  /// Nil if memory is short.
  init?(_ rules: RuleSet) {
    guard let inspection = Inspection(rules) else { return nil }
    state = Mutex(State(inspection: inspection))
  }

  /// Reads a request, and decides on what was read.
  func inspect(
    _ content: Span<UInt8>, _ exchange: inout Exchange,
    _ decide: (inout Inspection, inout Exchange, ContentFault?) -> Verdict
  ) -> Verdict {
    state.withLock { state in
      state.inspection.clear()
      let fault = state.reading.read(content, &exchange, into: &state.inspection)
      return decide(&state.inspection, &exchange, fault)
    }
  }
}
