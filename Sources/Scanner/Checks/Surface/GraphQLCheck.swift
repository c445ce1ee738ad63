/// Whether GraphQL requests have bounds (API4), and the schema is open to anybody (API9).
struct GraphQLCheck: Check {
  static let name = "graphql"

  func run(in scan: isolated Scan) async {
    let fields = scan.operations.filter { $0.graphField != nil && scan.isWanted($0) }
    guard let first = fields.first else { return }
    await introspection(first, in: scan)
    await depth(first, in: scan)
    guard scan.wants(.graphDepth),
      let operation = fields.first(where: {
        $0.isRead && scan.baselines[$0.name] != nil && $0.bodyMembers.isEmpty
      }) ?? fields.first(where: { $0.isRead && scan.baselines[$0.name] != nil }),
      let (call, base, _) = await scan.reacher(of: operation)
    else { return }
    await batches(operation, call, base, in: scan)
    await aliases(operation, call, in: scan)
  }

  private func introspection(_ operation: Operation, in scan: isolated Scan) async {
    guard scan.wants(.informational), scan.settings.only == nil else { return }
    var call = Call(operation.method, operation.path)
    call.document = "{__schema{queryType{name}}}"
    guard let answer = await scan.send(call), answer.isSuccess,
      answer.json?["data"]?["__schema"] != nil
    else { return }
    scan.report(
      .informational, operation.place, "introspection", "the schema is open to anybody",
      [FindingStep("introspection without a credential", call, answer)])
  }

  /// Whether documents of any depth are accepted. Nothing of them is carried out, so that it costs
  /// the target no more than to read them.
  private func depth(_ operation: Operation, in scan: isolated Scan) async {
    guard scan.wants(.graphDepth), let loop = scan.description.graphLoop else { return }
    func call(_ rounds: Int, _ leaf: String) -> Call {
      var call = Call(operation.method, operation.path, as: scan.users.first?.name)
      call.document = loop.document(rounds: rounds, leaf: leaf)
      return call
    }
    let control = call(40, "ghNoSuchField")
    // A server that does not look so deep would not refuse what is wrong there.
    guard let refused = await scan.send(control), refused.json?["errors"] != nil else { return }
    var steps = [FindingStep("control: what is wrong down there is refused", control, refused)]
    for rounds in [20, 40] {
      let deep = call(rounds, "__typename")
      guard let answer = await scan.send(deep), answer.isSuccess, answer.json?["errors"] == nil,
        answer.json?["data"]?["__typename"] != nil
      else { return }
      let levels = rounds * loop.steps.count
      steps.append(FindingStep("\(levels) levels are accepted", deep, answer))
    }
    scan.report(.graphDepth, operation.place, "depth", "documents of any depth are accepted", steps)
  }

  private func batches(
    _ operation: Operation, _ call: Call, _ base: Answer, in scan: isolated Scan
  ) async {
    guard let content = call.content else { return }
    let one = String(decoding: content, as: UTF8.self)
    var steps = [FindingStep("one request", call, base)]
    for count in [10, 20] {
      var batch = call
      batch.raw = "[" + Array(repeating: one, count: count).joined(separator: ",") + "]"
      batch.mediaType = "application/json"
      guard let answer = await scan.send(batch), (200..<300).contains(answer.status),
        answer.json?.elements.count == count,
        answer.json?.elements.allSatisfy({ $0["data"] != nil && $0["errors"] == nil }) == true
      else { return }
      steps.append(FindingStep("\(count) in one, all answered", batch, answer))
    }
    scan.report(
      .graphDepth, operation.place, "batch", "any number of requests in one is answered", steps)
  }

  /// The same field many times under other names.
  private func aliases(_ operation: Operation, _ call: Call, in scan: isolated Scan) async {
    guard operation.bodyMembers.isEmpty, let document = operation.document,
      let open = document.firstIndex(of: "{"), let close = document.lastIndex(of: "}")
    else { return }
    let field = document[document.index(after: open)..<close]
    var steps: [FindingStep] = []
    for count in [50, 100] {
      var many = call
      many.document = "{" + (0..<count).map { "a\($0): \(field) " }.joined() + "}"
      guard let answer = await scan.send(many), answer.isSuccess,
        answer.json?["data"]?.members.count == count
      else { return }
      steps.append(FindingStep("one field \(count) times", many, answer))
    }
    scan.report(
      .graphDepth, operation.place, "alias", "one field is answered any number of times", steps)
  }
}
