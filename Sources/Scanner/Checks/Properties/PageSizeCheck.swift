/// Whether a caller sets the size of a page without bound (API4).
struct PageSizeCheck: OperationCheck {
  static let name = "page-size"
  private static let sizes: Set<String> = [
    "limit", "size", "pagesize", "perpage", "count", "take", "top", "max", "maxresults", "first",
    "rows",
  ]

  func applies(to operation: Operation, in scan: isolated Scan) -> Bool {
    operation.isRead && scan.wants(.unboundedPage, at: operation)
      && !parameters(of: operation).isEmpty
  }

  private func parameters(of operation: Operation) -> [String] {
    let names =
      operation.graphField == nil
      ? operation.queryParameters.map(\.name) : operation.bodyMembers.map(\.name)
    return names.filter { PageSizeCheck.sizes.contains(Names.plain($0)) }
  }

  func examine(_ operation: Operation, in scan: isolated Scan) async {
    for name in parameters(of: operation) {
      if await examine(operation, name, in: scan) { return }
    }
  }

  private func examine(
    _ operation: Operation, _ name: String, in scan: isolated Scan
  ) async -> Bool {
    guard let user = scan.users.first ?? scan.administrator,
      let (values, _) = await scan.values(for: operation, of: user.name)
    else { return false }
    if let post = scan.operation("POST", operation.path), operation.graphField == nil {
      let item = Parameter("id", .path, isRequired: true, schema: [:])
      for _ in 0..<2 { _ = await scan.make(in: post.path, item, values, by: user.name) }
    }
    var call = Call(operation, values, as: user.name)
    scan.complete(&call, for: operation)
    func sized(_ size: Int) -> Call {
      operation.graphField == nil
        ? call.with(query: name, "\(size)") : call.with(member: name, .integer(size))
    }
    let few = sized(1)
    guard let one = await scan.send(few), one.isSuccess, PageSizeCheck.listCount(one) == 1 else {
      return false
    }
    var steps = [FindingStep("one is asked for, and one comes", few, one)]
    for size in [1_000_000, 2_000_000] {
      let wide = sized(size)
      guard let all = await scan.send(wide), all.isSuccess,
        let count = PageSizeCheck.listCount(all), count > 1,
        !PageSizeCheck.saysLess(all, than: size, name)
      else { return false }
      steps.append(FindingStep("\(size) are asked for, and nothing is refused", wide, all))
    }
    scan.report(
      .unboundedPage, operation, name, "a page of 1000000 is accepted, and the size is heeded",
      steps)
    return true
  }

  /// How many elements the first list of an answer has.
  static func listCount(_ answer: Answer) -> Int? {
    guard let json = answer.json else { return nil }
    if case .array(let elements) = json { return elements.count }
    for member in json.members {
      if case .array(let elements) = member.value { return elements.count }
    }
    return json.members.compactMap { member -> Int? in
      for inner in member.value.members {
        if case .array(let elements) = inner.value { return elements.count }
      }
      return nil
    }.first
  }

  /// Whether an answer says that it used a smaller size.
  private static func saysLess(_ answer: Answer, than size: Int, _ name: String) -> Bool {
    (answer.json?.leaves ?? []).contains { leaf in
      let plain = Names.plain(leaf.name)
      guard plain == Names.plain(name) || plain.contains("limit") || plain.contains("pagesize"),
        let number = leaf.value.integer
      else { return false }
      return number < size
    }
  }
}
