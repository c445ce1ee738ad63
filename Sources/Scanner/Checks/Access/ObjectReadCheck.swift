/// Whether one user reads what another made (API1).
struct ObjectReadCheck: OperationCheck {
  static let name = "object-read"

  func applies(to operation: Operation, in scan: isolated Scan) -> Bool {
    scan.users.count >= 2 && operation.isRead && scan.wants(.objectRead, at: operation)
      && (operation.path.contains("{") || ForeignObject.ownerParameter(of: operation) != nil
        || ForeignObject.objectParameter(of: operation) != nil)
  }

  func examine(_ operation: Operation, in scan: isolated Scan) async {
    let who = scan.users.prefix(2).map(\.name)
    var steps: [FindingStep] = []
    // Twice, with the parts exchanged: that is the second, independent proof.
    for (owner, intruder) in [(who[0], who[1]), (who[1], who[0])] {
      guard let found = await ForeignObject.read(operation, of: owner, by: intruder, in: scan)
      else { return }
      steps += found
    }
    scan.report(
      .objectRead, operation,
      operation.pathParameters.last?.name ?? ForeignObject.ownerParameter(of: operation)?.name
        ?? ForeignObject.objectParameter(of: operation)?.name,
      "\(who[1]) reads what is \(who[0])'s, and the other way round", steps)
  }
}
