/// Whether ordinary users make, change and delete what only administrators may make (API5).
struct FunctionWriteCheck: OperationCheck {
  static let name = "function-level-write"

  func applies(to operation: Operation, in scan: isolated Scan) -> Bool {
    !operation.isRead && scan.administrator != nil && !scan.users.isEmpty
      && !scan.isLogin(operation) && scan.wants(.functionLevel, at: operation)
      && operation.graphField == nil
  }

  func examine(_ operation: Operation, in scan: isolated Scan) async {
    guard let root = scan.administrator else { return }
    let names = scan.users.prefix(2).map(\.name)
    var steps: [FindingStep] = []
    if operation.path.contains("{") {
      guard await isReserved(operation, for: names, in: scan) else { return }
      for name in [names[0], names.last ?? names[0]] {
        guard let found = await ForeignObject.change(operation, of: root.name, by: name, in: scan)
        else { return }
        steps += found
      }
    } else {
      guard operation.method == "POST", FunctionReadCheck.isPrivileged(operation) else { return }
      for name in [names[0], names.last ?? names[0]] {
        guard let found = await creation(operation, by: name, in: scan) else { return }
        steps += found
      }
    }
    scan.report(
      .functionLevel, operation, nil, "an ordinary user may do what is the administrators' to do",
      steps)
  }

  /// Whether only the administrator can make what an operation changes.
  private func isReserved(
    _ operation: Operation, for names: [String], in scan: isolated Scan
  ) async -> Bool {
    guard let last = operation.pathParameters.last else { return false }
    let collection = Scan.collection(of: last.name, in: operation.path)
    guard let creator = scan.creator(of: collection, last), creator.isSecured,
      !scan.meansPeople(last, collection)
    else { return false }
    for name in names {
      // Whoever made one itself has rights of its own.
      if scan.made.contains(where: { $0.owner == name && $0.operation.name == creator.name }) {
        return false
      }
      guard let (values, made) = await scan.values(for: operation, of: name, fresh: true),
        made == nil
      else { return false }
      var markers: [String] = []
      var call = Call(creator, values, as: name)
      scan.complete(&call, for: creator)
      call.body = await scan.usualContent(of: creator, &markers, for: name)
      guard let answer = await scan.send(call), [401, 403].contains(answer.status) else {
        return false
      }
    }
    return true
  }

  /// Something that is made by somebody whom the description does not mean.
  private func creation(
    _ operation: Operation, by name: String, in scan: isolated Scan
  ) async -> [FindingStep]? {
    var markers: [String] = []
    var call = Call(operation, [:], as: name)
    scan.complete(&call, for: operation)
    call.body = await scan.usualContent(of: operation, &markers, for: name)
    guard let none = await scan.send(call.by(nil)), !none.isSuccess,
      let answer = await scan.send(call), answer.isSuccess,
      markers.contains(where: { answer.text.contains($0) })
    else { return nil }
    return [
      FindingStep("nobody without a credential may", call.by(nil), none),
      FindingStep("an ordinary user may", call, answer),
    ]
  }
}
