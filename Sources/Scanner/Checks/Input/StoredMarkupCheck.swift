/// Whether markup that is stored comes back unescaped in a page (CWE-79). Only what answers as HTML
/// is looked at: in JSON, markup is a text like any other.
struct StoredMarkupCheck: OperationCheck {
  static let name = "stored-markup"
  static let isQuick = false

  func applies(to operation: Operation, in scan: isolated Scan) -> Bool {
    operation.method == "GET" && scan.wants(.storedScripting, at: operation)
      && scan.reachers[operation.name]?.answer.isHTML == true && !scan.users.isEmpty
  }

  func examine(_ operation: Operation, in scan: isolated Scan) async {
    for maker in makers(of: operation, in: scan) {
      var steps: [FindingStep] = []
      for payload in ["<ghs onx=1>", "<ght ony=2>"] {
        guard let found = await store(payload, maker, operation, in: scan) else { break }
        steps += found
      }
      guard steps.count >= 4 else { continue }
      return scan.report(
        .storedScripting, operation, nil,
        "markup that \(maker.place) stores comes back unescaped as HTML", steps)
    }
  }

  /// What may store what a page shows: what makes its object, or is called as it is.
  private func makers(of page: Operation, in scan: isolated Scan) -> [Operation] {
    var found: [Operation] = []
    if let last = page.pathParameters.last,
      let creator = scan.creator(of: Scan.collection(of: last.name, in: page.path), last)
    {
      found.append(creator)
    }
    let subject = Names.subject(of: page.path)
    found += scan.operations.filter { other in
      other.method == "POST" && !other.path.contains("{") && !other.textMembers.isEmpty
        && !scan.isLogin(other) && !other.isDangerous && other.name != scan.registrar?.name
        && (Names.subject(of: other.path) == subject || page.path.hasPrefix(other.path))
        && !found.contains(other)
    }
    return Array(found.prefix(2))
  }

  private func store(
    _ payload: String, _ maker: Operation, _ page: Operation, in scan: isolated Scan
  ) async -> [FindingStep]? {
    guard let user = scan.users.first?.name,
      let (parents, _) = await scan.values(for: maker, of: user)
    else { return nil }
    let mark = scan.marker()
    var markers: [String] = []
    var call = Call(maker, parents, as: user)
    scan.complete(&call, for: maker)
    call.body = await scan.usualContent(of: maker, &markers, for: user)
    for member in maker.textMembers
    where member.value["format"] == nil && member.value["pattern"] == nil
      && !Names.isPassword(member.name) && !Names.plain(member.name).hasSuffix("id")
    {
      call = call.with(member: member.name, .string(mark + payload))
    }
    guard let answer = await scan.send(call), answer.isSuccess else { return nil }
    var values = parents
    if let last = page.pathParameters.last {
      let collection = Scan.collection(of: last.name, in: page.path)
      guard let id = Scan.identifier(in: answer, last.name, collection, last) else {
        return nil
      }
      values[last.name] = id
      scan.made.append(
        MadeObject(
          operation: maker, collection: Scan.collection(of: last.name, in: page.path),
          values: values, owner: user, markers: [mark], sent: call.body, answer: answer))
    }
    var look = Call(page, values, as: user)
    scan.complete(&look, for: page)
    guard let shown = await scan.send(look), shown.isHTML, shown.text.contains(mark + payload)
    else { return nil }
    return [
      FindingStep("markup is stored", call, answer), FindingStep("and is in the page", look, shown),
    ]
  }
}
