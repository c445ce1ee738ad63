/// Whether the input of what changes something becomes code somewhere (API7, API8). Only what the
/// scan made is changed.
struct WriteInputCheck: OperationCheck {
  static let name = "write-input"

  func applies(to operation: Operation, in scan: isolated Scan) -> Bool {
    !operation.isRead && operation.body != nil && !scan.isLogin(operation)
      && operation.method != "DELETE"
      && (!scan.settings.isQuick || !operation.path.contains("{"))
  }

  func examine(_ operation: Operation, in scan: isolated Scan) async {
    guard let (call, base, values) = await ordinary(operation, in: scan) else { return }
    // Whatever is refused for whom asks, or breaks by itself, tells nothing of its input.
    guard base.isSuccess || (base.status < 500 && ![401, 403].contains(base.status)) else {
      return
    }
    let makes = isCreation(operation, in: scan)
    if makes, scan.settings.isQuick { return }
    let changing =
      scan.settings.isQuick ? ProbeCatalogue.quickChanging : ProbeCatalogue.changing
    let probes = makes ? ProbeCatalogue.making : changing
    let points = InputPoint.all(of: operation, call, values).filter(\.isText)
    // What may lock the caller out comes last.
    let ordered =
      points.filter { !Names.isCredential($0.name) } + points.filter { Names.isCredential($0.name) }
    for point in ordered {
      if Names.isPassword(point.name) { continue }
      for probe in probes where scan.wants(type(of: probe).kind, at: operation) {
        await probe.probe(point, base, in: scan)
      }
      if !makes { await ErrorProbe().probe(point, base, in: scan) }
    }
  }

  /// An ordinary call, by whoever may, on an object of the scan's.
  private func ordinary(
    _ operation: Operation, in scan: isolated Scan
  ) async -> (Call, Answer, [String: String])? {
    var names: [String?] = [scan.users.first?.name, scan.administrator?.name].compactMap { $0 }
    if scan.isAboutCaller(operation), let account = await scan.makeAccount() {
      names = [account.identity.name]
    }
    if !operation.isSecured || names.isEmpty { names.append(nil) }
    var last: (Call, Answer, [String: String])?
    for name in names {
      guard
        let (values, made) = await scan.values(
          for: operation, of: name ?? "anonymous", fresh: operation.path.contains("{")),
        made != nil || !operation.path.contains("{")
      else { continue }
      for style in scan.contents[operation.name].map({ [$0] }) ?? ContentStyle.allCases {
        var markers: [String] = []
        var call = Call(operation, values, as: name)
        scan.complete(&call, for: operation)
        call.body = await scan.content(of: operation, style, &markers, for: name)
        guard let answer = await scan.send(call) else { return nil }
        scan.note(operation, name, answer)
        if last == nil || answer.isSuccess { last = (call, answer, values) }
        if answer.isSuccess {
          scan.contents[operation.name] = style
          return last
        }
        if [401, 403, 404].contains(answer.status) { break }
      }
    }
    return await named(operation, after: last, in: scan) ?? last
  }

  /// A refusal that lists what would be taken is believed: each text becomes one of those words.
  private func named(
    _ operation: Operation, after last: (Call, Answer, [String: String])?, in scan: isolated Scan
  ) async -> (Call, Answer, [String: String])? {
    guard let (call, answer, values) = last, [400, 422].contains(answer.status),
      let json = answer.json, !operation.textMembers.isEmpty
    else { return nil }
    for word in WriteInputCheck.lists(json).first(where: { !$0.isEmpty })?.prefix(3) ?? [] {
      var other = call
      for member in operation.textMembers { other = other.with(member: member.name, .string(word)) }
      guard let taken = await scan.send(other) else { return nil }
      scan.note(operation, call.identity, taken)
      if taken.isSuccess { return (other, taken, values) }
    }
    return nil
  }

  /// The lists of single words in a value.
  private static func lists(_ value: JSONValue) -> [[String]] {
    switch value {
    case .object(let members): return members.flatMap { lists($0.value) }
    case .array(let elements):
      let words = elements.compactMap(\.string).filter {
        $0.utf8.count <= 40 && !$0.contains(" ")
      }
      return (words.count == elements.count ? [words] : []) + elements.flatMap { lists($0) }
    default: return []
    }
  }

  /// Whether an operation makes an object that stays.
  private func isCreation(_ operation: Operation, in scan: isolated Scan) -> Bool {
    operation.name == scan.registrar?.name
      || scan.operations.contains {
        $0.method != "POST" && $0.path.hasPrefix(operation.path + "/{")
      }
  }
}
