import Synchronization

/// The numbers by which routes, services or upstreams are counted: a name keeps its number for as
/// long as the process lives, whatever is loaded meanwhile.
///
/// So a counter never goes back and never changes its owner on a reload, and an exchange of an
/// older plan is counted rightly. There are as many numbers as were asked for at the start; names
/// that come later share the last one, `(other)`.
public final class MetricNames: Sendable {
  /// What is told of the names that found no number of their own; no name may look like this.
  static let other = "(other)"

  private struct State {
    var numbers: [String: Int] = [:]
    var rows: [String] = []
  }

  private let labels: [String]
  private let capacity: Int
  private let state = Mutex(State())

  /// Numbers for `capacity` names, each of as many parts as there are labels; each costs each loop
  /// 144 bytes.
  public init(labels: [String], capacity: Int) {
    self.labels = labels
    self.capacity = max(0, capacity)
  }

  /// The number of a name, given by the values of the labels; the same at every call.
  public func number(_ values: String...) -> Int {
    let row = row(values)
    return state.withLock { state in
      if let number = state.numbers[row] { return number }
      if state.rows.count == capacity { return capacity }
      state.numbers[row] = state.rows.count
      state.rows.append(row)
      return state.rows.count - 1
    }
  }

  var rowCount: Int { capacity + 1 }

  /// The labels with their values, by their numbers, and those of all others at the end.
  var rows: [(number: Int, labels: String)] {
    let rows = state.withLock { $0.rows }
    return rows.enumerated().map { ($0.offset, $0.element) }
      + [(capacity, row(labels.map { _ in MetricNames.other }))]
  }

  /// A name as the exposition has it: `service="shop",upstream="10.0.0.1:80"`.
  private func row(_ values: [String]) -> String {
    precondition(values.count == labels.count, "a value for each label")
    return zip(labels, values).map { "\($0)=\"\(Exposition.escaped($1))\"" }.joined(separator: ",")
  }
}
