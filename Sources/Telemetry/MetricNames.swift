import Synchronization

/// The numbers by which routes, or services, are counted: a name keeps its number for as long as
/// the process lives, whatever is loaded meanwhile.
///
/// So a counter never goes back and never changes its owner on a reload, and an exchange of an
/// older plan is counted rightly. There are as many numbers as were asked for at the start; names
/// that come later share the last one, `(other)`.
public final class MetricNames: Sendable {
  /// What is told of the names that found no number of their own; no name may look like this.
  static let other = "(other)"

  private struct State {
    var numbers: [String: Int] = [:]
    var names: [String] = []
  }

  private let capacity: Int
  private let state = Mutex(State())

  /// Numbers for `capacity` names; each costs each loop 144 bytes.
  public init(capacity: Int) { self.capacity = max(0, capacity) }

  /// The number of `name`, the same at every call.
  public func number(_ name: String) -> Int {
    state.withLock { state in
      if let number = state.numbers[name] { return number }
      if state.names.count == capacity { return capacity }
      state.numbers[name] = state.names.count
      state.names.append(name)
      return state.names.count - 1
    }
  }

  var rowCount: Int { capacity + 1 }

  /// The names by their numbers, and the one for all others at the end of the rows.
  var rows: [(number: Int, name: String)] {
    let names = state.withLock { $0.names }
    return names.enumerated().map { ($0.offset, $0.element) } + [(capacity, MetricNames.other)]
  }
}
