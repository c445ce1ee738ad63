/// What somebody has, as the API shows it: balances, points, and how many vouchers.
///
/// What a step of a business does is proved by what it changes here, never by its status alone.
struct Ledger: Sendable {
  private static let amounts = [
    "balance", "credit", "credits", "points", "coins", "funds", "cashback", "wallet", "budget",
  ]
  private static let lists = [
    "coupon", "voucher", "discount", "reward", "bonus", "giftcard", "cashback", "credit",
  ]
  private static let looksMax = 2

  /// The numbers by name; those of one name are added up.
  let entries: [String: Double]
  /// The requests that showed them.
  let looks: [(call: Call, answer: Answer)]

  /// How much each number has grown since `earlier`; those that are as they were are left out.
  func growth(since earlier: Ledger) -> [String: Double] {
    var result: [String: Double] = [:]
    for (name, value) in entries {
      guard let before = earlier.entries[name] else { continue }
      let change = value - before
      if abs(change) > 0.000_1 { result[name] = change }
    }
    return result
  }

  /// The steps of a proof that show the numbers.
  func steps(_ role: String) -> [FindingStep] {
    looks.map { FindingStep(role, $0.call, $0.answer) }
  }

  /// The calls that show `user` what it has, the object that `operation` works on included.
  static func calls(
    for user: String, _ operation: Operation, _ values: [String: String],
    in scan: isolated Scan
  ) -> [Call] {
    var calls: [Call] = []
    if let reader = scan.reader(for: operation), scan.isAllowed(reader) {
      var own = values
      let (theirs, ours) = (Operation.names(in: reader.path), Operation.names(in: operation.path))
      for (name, other) in zip(theirs, ours) where own[name] == nil { own[name] = values[other] }
      var call = Call(reader, own, as: user)
      scan.complete(&call, for: reader)
      calls.append(call)
    }
    let made = Names.subject(of: operation.path)
    for candidate in scan.operations
    where candidate.isRead && candidate.graphField == nil && !candidate.path.contains("{") {
      guard calls.count < looksMax, scan.isAllowed(candidate),
        let known = scan.baselines[candidate.name]?.sorted(by: { $0.key < $1.key })
          .first(where: { $0.key != "anonymous" })?.value,
        // A list of what the operation makes grows with each, as it should.
        !numbers(in: known, candidate, besides: made).isEmpty
      else { continue }
      var call = Call(candidate, [:], as: user)
      scan.complete(&call, for: candidate)
      calls.append(call)
    }
    return calls
  }

  /// Sends `calls` and adds up what they show; nil if one is not answered.
  static func look(
    _ calls: [Call], _ operation: Operation, in scan: isolated Scan
  ) async -> Ledger? {
    var entries: [String: Double] = [:]
    var looks: [(call: Call, answer: Answer)] = []
    for call in calls {
      guard let answer = await scan.send(call) else { return nil }
      let shown = scan.operations.first { $0.method == call.method && $0.path == call.path }
      let made = Names.subject(of: operation.path)
      for (name, value) in numbers(in: answer, shown, besides: made) {
        entries["\(call.path) \(name)"] = value
      }
      looks.append((call, answer))
    }
    return Ledger(entries: entries, looks: looks)
  }

  /// The numbers of an answer that are somebody's to have.
  private static func numbers(
    in answer: Answer, _ operation: Operation?, besides made: String
  ) -> [String: Double] {
    guard answer.isSuccess, let json = answer.json else { return [:] }
    var result: [String: Double] = [:]
    for leaf in json.leaves {
      let plain = Names.plain(leaf.name)
      guard amounts.contains(where: { plain.hasSuffix($0) }), let value = number(leaf.value) else {
        continue
      }
      result[plain, default: 0] += value
    }
    if let operation, let count = PageSizeCheck.listCount(answer) {
      let subject = Names.subject(of: operation.path)
      if subject != made, lists.contains(where: { subject.contains($0) }) {
        result["number of \(operation.noun)"] = Double(count)
      }
    }
    return result
  }

  /// A number, also one that stands in a string.
  static func number(_ value: JSONValue) -> Double? {
    switch value {
    case .integer(let number): Double(number)
    case .number(let number): number
    case .string(let text): text.utf8.count <= 20 ? Double(text) : nil
    default: nil
    }
  }
}
