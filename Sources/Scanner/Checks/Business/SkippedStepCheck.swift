/// Whether a later step of a business is taken without the earlier one: what was not paid for is
/// shipped (API6).
struct SkippedStepCheck: OperationCheck {
  static let name = "skipped-step"
  static let isQuick = false

  /// The words of a step, and of those that must not come before it.
  private static let orders: [(earlier: [String], later: [String])] = [
    (
      ["pay", "payment", "checkout", "purchase", "charge"],
      ["ship", "dispatch", "deliver", "fulfil", "fulfill", "refund", "complete", "download"]
    ),
    (["approve", "verify", "review"], ["publish", "release", "payout", "disburse", "activate"]),
  ]

  func applies(to operation: Operation, in scan: isolated Scan) -> Bool {
    !operation.isRead && operation.graphField == nil && !scan.users.isEmpty
      && scan.wants(.businessLogic, at: operation) && earlier(operation, in: scan) != nil
  }

  /// The step that has to come before, on the same object.
  private func earlier(_ operation: Operation, in scan: isolated Scan) -> Operation? {
    guard let object = operation.objectPath, !operation.isItem else { return nil }
    let verb = Names.plain(operation.noun)
    return scan.operations.first { other in
      other.objectPath == object && !other.isItem && !other.isRead && other.name != operation.name
        && SkippedStepCheck.orders.contains {
          $0.later.contains(verb) && $0.earlier.contains(Names.plain(other.noun))
        }
    }
  }

  func examine(_ operation: Operation, in scan: isolated Scan) async {
    guard let user = scan.users.first?.name, let first = earlier(operation, in: scan),
      // In order it works, and says what it comes to.
      let usual = await state(after: [first, operation], user, in: scan)
    else { return }
    var steps = usual.steps
    for _ in 0..<2 {
      guard let skipped = await state(after: [operation], user, in: scan),
        skipped.value == usual.value
      else { return }
      steps += skipped.steps
    }
    scan.report(
      .businessLogic, operation, nil, "it is done although '\(first.noun)' was not", steps)
  }

  /// What an object that was just made says of itself after some steps; nil if one is refused, or
  /// the last one changes nothing.
  private func state(
    after operations: [Operation], _ user: String, in scan: isolated Scan
  ) async -> (value: JSONValue, steps: [FindingStep])? {
    guard let last = operations.last,
      let (values, made) = await scan.values(for: last, of: user, fresh: true), made != nil,
      var before = await scan.read(last, values, as: user)
    else { return nil }
    var steps = [FindingStep("a new object", before.call, before.answer)]
    for operation in operations {
      var markers: [String] = []
      var call = Call(operation, values, as: user)
      scan.complete(&call, for: operation)
      call.body = await scan.usualContent(of: operation, &markers, for: user)
      guard let answer = await scan.send(call) else { return nil }
      scan.note(operation, user, answer)
      guard answer.isSuccess, let after = await scan.read(last, values, as: user) else {
        return nil
      }
      steps.append(FindingStep(operation.noun, call, answer))
      steps.append(FindingStep("what it says then", after.call, after.answer))
      if operation.name == last.name {
        guard let was = word(before.answer), let value = word(after.answer), was != value else {
          return nil
        }
        return (value, steps)
      }
      before = after
    }
    return nil
  }

  /// The member that says how far an object has come.
  private func word(_ answer: Answer) -> JSONValue? {
    guard answer.isSuccess else { return nil }
    return answer.json?.leaves.first {
      ["state", "status", "stage", "phase"].contains(Names.plain($0.name)) && $0.value.string != nil
    }?.value
  }
}
