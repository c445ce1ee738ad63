/// Whether older versions still answer, without their successors' protection (API9).
struct OldVersionCheck: OperationCheck {
  static let name = "old-version"
  static let isQuick = false

  func run(in scan: isolated Scan) async {
    for operation in scan.ordered where scan.isWanted(operation) {
      guard applies(to: operation, in: scan) else { continue }
      if scan.isOver { return }
      await examine(operation, in: scan)
      scan.noteCheck(Self.name, operation)
    }
    if scan.wants(.oldVersion) { await logins(in: scan) }
  }

  /// Older logins that still let in who is let in now: what was mended since is not mended there.
  private func logins(in scan: isolated Scan) async {
    let paths = Set(scan.operations.map(\.path))
    for operation in scan.operations where scan.isLogin(operation) && operation.graphField == nil {
      let users = scan.identities.filter { $0.login?.path == operation.path }.prefix(2)
      for path in olderPaths(of: operation, in: scan)
      where !paths.contains(path) && operation.segments.contains(where: Names.isVersion) {
        var steps: [FindingStep] = []
        for user in users {
          guard let login = user.login else { continue }
          var call = Call("POST", path)
          call.body = login.body
          call.mediaType = login.mediaType ?? operation.mediaType
          var none = call
          none.path += "-gh-none"
          guard let answer = await scan.send(call), answer.isSuccess, answer.hasContent,
            let control = await scan.send(none), !control.isSuccess
          else { break }
          steps.append(FindingStep("the older login lets in", call, answer))
          steps.append(FindingStep("control", none, control))
        }
        guard steps.count >= 4 else { continue }
        scan.report(
          .oldVersion, "POST " + path, nil, "an older login that is not described lets in", steps)
      }
    }
  }

  func applies(to operation: Operation, in scan: isolated Scan) -> Bool {
    operation.method == "GET" && !operation.isItem && scan.wants(.oldVersion)
      && operation.graphField == nil
  }

  func examine(_ operation: Operation, in scan: isolated Scan) async {
    guard let user = scan.users.first,
      let (values, _) = await scan.values(for: operation, of: user.name)
    else { return }
    let described = Set(scan.operations.map(\.path))
    let older = olderPaths(of: operation, in: scan).filter { !described.contains($0) }
    guard !older.isEmpty else { return }
    var present = Call(operation, values, as: nil)
    scan.complete(&present, for: operation)
    var refused: Answer?
    for path in older {
      let call = Call("GET", path)
      guard let answer = await scan.send(call), answer.isSuccess, answer.hasContent,
        answer.json != nil, let none = await scan.send(Call("GET", path + "-gh-none")),
        !none.isSuccess
      else { continue }
      if refused == nil { refused = await scan.send(present) }
      guard let refused, !refused.isSuccess || OldVersionCheck.showsMore(answer, than: refused),
        let again = await scan.send(call), again.isSuccess
      else { continue }
      scan.report(
        .oldVersion, "GET " + path, nil, "an older version answers without a credential",
        [
          FindingStep("the present version shows less, or nothing", present, refused),
          FindingStep("the older one answers", call, answer),
          FindingStep("control", Call("GET", path + "-gh-none"), none),
        ])
    }
  }

  /// Whether an answer has members that another lacks, and lacks none of the other's objects'.
  private static func showsMore(_ answer: Answer, than other: Answer) -> Bool {
    let names = Set((answer.json?.objects.last?.members ?? []).map(\.name))
    let others = Set((other.json?.objects.last?.members ?? []).map(\.name))
    return !others.isEmpty && others.isStrictSubset(of: names)
  }

  /// The path in versions before its own, or in a first version if it has none.
  ///
  /// Of what is nested, only the last word is kept: older versions are often flat.
  private func olderPaths(of operation: Operation, in scan: isolated Scan) -> [String] {
    let shared = OldVersionCheck.sharedPrefix(scan.operations)
    var segments = operation.segments
    if operation.path.contains("{") {
      guard let last = segments.last, !last.hasPrefix("{") else { return [] }
      segments = shared + [last]
    }
    if let place = segments.firstIndex(where: { $0.first == "v" && Int($0.dropFirst()) != nil }),
      let number = Int(segments[place].dropFirst())
    {
      return (0..<min(number, 5)).reversed().map { version in
        segments[place] = "v\(version)"
        return "/" + segments.joined(separator: "/")
      }
    }
    let rest = segments.dropFirst(shared.count)
    return ["v0", "v1"].map { "/" + (shared + [$0] + rest).joined(separator: "/") }
  }

  /// The segments that all paths begin with.
  private static func sharedPrefix(_ operations: [Operation]) -> [String] {
    var prefix = operations.first?.segments ?? []
    for operation in operations {
      let other = operation.segments
      var count = 0
      while count < min(prefix.count, other.count), prefix[count] == other[count] { count += 1 }
      prefix = Array(prefix.prefix(count))
    }
    return prefix
  }
}
