/// What answers beside the description: other origins, older versions, pages for developers
/// (API8, API9).
extension Scan {
  func checkOrigins() async {
    guard wants(.crossOrigin) else { return }
    let reads = operations.filter { $0.method == "GET" && !$0.path.contains("{") }
    for operation in reads.prefix(3) {
      var call = Call(operation, [:], as: users.first?.name)
      complete(&call, for: operation)
      var steps: [FindingStep] = []
      for origin in ["https://gh-evil.example", "https://gh-other.example"] {
        var foreign = call
        foreign.fields.append(("origin", origin))
        guard let answer = await send(foreign),
          answer.field("access-control-allow-origin") == origin,
          answer.field("access-control-allow-credentials") == "true"
        else { break }
        steps.append(
          FindingStep("the origin \(origin) is allowed, with credentials", foreign, answer))
      }
      if steps.count == 2 {
        return report(
          .crossOrigin, operation.name, "Origin", "any origin is allowed, with credentials", steps)
      }
    }
  }

  func checkDeveloperPages() async {
    guard wants(.disclosure) else { return }
    let pages = [
      "/debug", "/_debug", "/actuator/env", "/actuator", "/internal/config", "/.env", "/config",
      "/config.json", "/env", "/debug/vars", "/server-status", "/.git/config", "/phpinfo.php",
      "/console", "/debug/pprof/", "/trace",
    ]
    guard let control = await send(Call("GET", "/gh-no-such-page")), !control.isSuccess else {
      return
    }
    let described = Set(operations.map(\.path))
    for page in pages where !described.contains(page) {
      let call = Call("GET", page)
      guard let answer = await send(call), answer.isSuccess, Signs.isInside(answer.text),
        let again = await send(call), again.isSuccess
      else { continue }
      report(
        .disclosure, "GET " + page, nil, "settings of the server are shown to anybody",
        [
          FindingStep("control", Call("GET", "/gh-no-such-page"), control),
          FindingStep("the page", call, answer),
        ])
    }
  }

  func checkOldVersions(_ operation: Operation) async {
    guard operation.method == "GET", !operation.isItem, wants(.oldVersion), let user = users.first,
      let (values, _) = await values(for: operation, of: user.name)
    else { return }
    let described = Set(operations.map(\.path))
    let older = olderPaths(of: operation).filter { !described.contains($0) }
    guard !older.isEmpty else { return }
    var present = Call(operation, values, as: nil)
    complete(&present, for: operation)
    var refused: Answer?
    for path in older {
      let call = Call("GET", path)
      guard let answer = await send(call), answer.isSuccess, answer.hasContent, answer.json != nil,
        let none = await send(Call("GET", path + "-gh-none")), !none.isSuccess
      else { continue }
      if refused == nil { refused = await send(present) }
      guard let refused, !refused.isSuccess || Scan.showsMore(answer, than: refused),
        let again = await send(call), again.isSuccess
      else { continue }
      report(
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
  private func olderPaths(of operation: Operation) -> [String] {
    let shared = sharedPrefix
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

  /// The segments that nearly all paths begin with.
  private var sharedPrefix: [String] {
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
