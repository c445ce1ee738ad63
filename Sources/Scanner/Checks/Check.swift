/// One way of looking for holes of one sort: it tries, proves what it saw by a second way, and
/// holds a control beside.
///
/// A check lives in a file of its own and has a place in `CheckCatalogue`; it sees the scan's
/// session, and reports through it.
protocol Check: Sendable {
  /// What it is called in reports and in the guide.
  static var name: String { get }
  /// Whether a quick scan runs it.
  static var isQuick: Bool { get }

  /// Looks at the whole API.
  func run(in scan: isolated Scan) async
}

extension Check {
  static var isQuick: Bool { true }
}

/// A check that looks at one operation after another.
protocol OperationCheck: Check {
  /// Whether there is anything to look for at an operation.
  func applies(to operation: Operation, in scan: isolated Scan) -> Bool
  func examine(_ operation: Operation, in scan: isolated Scan) async
}

extension OperationCheck {
  func run(in scan: isolated Scan) async {
    for operation in scan.ordered where scan.isWanted(operation) {
      guard applies(to: operation, in: scan) else { continue }
      if scan.isOver { return }
      await examine(operation, in: scan)
      scan.noteCheck(Self.name, operation)
    }
  }
}
