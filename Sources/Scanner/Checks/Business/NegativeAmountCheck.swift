/// Whether an amount below zero turns a step of a business round: who buys less than nothing is
/// paid for it (API6).
///
/// The caller's own balance, or a total that the API worked out, has to follow the amount.
struct NegativeAmountCheck: OperationCheck {
  static let name = "negative-amount"
  static let isQuick = false

  private static let amounts: Set<String> = [
    "amount", "quantity", "qty", "count", "units", "value", "sum", "points", "credits", "number",
    "howmany", "items", "tickets", "seats", "nights", "days", "coins",
  ]
  private static let totals = ["total", "price", "cost", "charge", "payable", "due", "sum"]

  func applies(to operation: Operation, in scan: isolated Scan) -> Bool {
    ["POST", "PUT", "PATCH"].contains(operation.method) && operation.graphField == nil
      && !scan.isLogin(operation) && operation.name != scan.registrar?.name && !scan.users.isEmpty
      && scan.wants(.businessLogic, at: operation) && !members(of: operation).isEmpty
  }

  private func members(of operation: Operation) -> [JSONMember] {
    operation.numberMembers.filter { member in
      let last = member.name.split(separator: ".").last.map(String.init) ?? member.name
      return NegativeAmountCheck.amounts.contains(Names.plain(last))
    }
  }

  /// One amount and what came of it.
  private struct Trial {
    let amount: Double
    let call: Call
    let answer: Answer
    let growth: [String: Double]
    let totals: [String: Double]
    let looks: [FindingStep]
  }

  func examine(_ operation: Operation, in scan: isolated Scan) async {
    guard let user = scan.users.first?.name,
      let (values, _) = await scan.values(for: operation, of: user)
    else { return }
    for member in members(of: operation).prefix(2) {
      if await examine(operation, member, values, user, in: scan) { return }
    }
  }

  private func examine(
    _ operation: Operation, _ member: JSONMember, _ values: [String: String], _ user: String,
    in scan: isolated Scan
  ) async -> Bool {
    let unit = max(1, member.value["minimum"]?.integer ?? 1)
    let calls = Ledger.calls(for: user, operation, values, in: scan)
    func trial(_ amount: Int) async -> Trial? {
      await self.trial(operation, member.name, amount, values, calls, user, in: scan)
    }
    guard let control = await trial(unit) else { return false }
    let spent = control.growth.filter { $0.value < 0 }
    let totals = control.totals.filter { $0.value > 0 }
    guard !spent.isEmpty || !totals.isEmpty, let one = await trial(-unit),
      let two = await trial(-2 * unit)
    else { return false }
    let turned =
      spent.keys.sorted().first { follows(one.growth[$0], two.growth[$0], up: true) }
      ?? totals.keys.sorted().first { name in
        follows(one.totals[name], two.totals[name], up: false)
          // What is merely sent back under another name is no total.
          && abs(one.totals[name] ?? 0) != Double(unit)
      }
    // What was taken for nothing is given back.
    if !spent.isEmpty { _ = await trial(2 * unit) }
    guard let turned else { return false }
    scan.report(
      .businessLogic, operation, member.name,
      "a negative '\(member.name)' turns '\(turned)' round",
      [FindingStep("an amount above zero", control.call, control.answer)] + control.looks
        + [FindingStep("one below zero", one.call, one.answer)] + one.looks
        + [FindingStep("twice that", two.call, two.answer)] + two.looks)
    return true
  }

  /// Whether two numbers go the way they should not, the second twice as far.
  private func follows(_ one: Double?, _ two: Double?, up: Bool) -> Bool {
    guard let one, let two, (one > 0) == up, one != 0 else { return false }
    return abs(two - 2 * one) <= abs(two) * 0.02 + 0.02
  }

  private func trial(
    _ operation: Operation, _ member: String, _ amount: Int, _ values: [String: String],
    _ calls: [Call], _ user: String, in scan: isolated Scan
  ) async -> Trial? {
    guard let before = await Ledger.look(calls, operation, in: scan) else { return nil }
    var markers: [String] = []
    var call = Call(operation, values, as: user)
    scan.complete(&call, for: operation)
    call.body = await scan.usualContent(of: operation, &markers, for: user)
    call = call.with(member: member, .integer(amount))
    guard let answer = await scan.send(call) else { return nil }
    scan.note(operation, user, answer)
    guard answer.isSuccess, let after = await Ledger.look(calls, operation, in: scan) else {
      return nil
    }
    var growth = after.growth(since: before)
    // Some APIs show the new balance in the answer alone; then there is nothing before it.
    if calls.isEmpty { growth = [:] }
    let sent = Set((call.body?.leaves ?? []).map { Names.plain($0.name) })
    var totals: [String: Double] = [:]
    for leaf in answer.json?.leaves ?? [] {
      let plain = Names.plain(leaf.name)
      guard !sent.contains(plain), NegativeAmountCheck.totals.contains(where: plain.contains),
        let value = Ledger.number(leaf.value)
      else { continue }
      totals[plain, default: 0] += value
    }
    return Trial(
      amount: Double(amount), call: call, answer: answer, growth: growth, totals: totals,
      looks: after.steps("what the caller has then"))
  }
}
