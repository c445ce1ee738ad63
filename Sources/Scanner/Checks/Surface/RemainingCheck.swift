/// Calls what no check had a reason to call, so that the report says whom it answers: operations
/// without a content or with nothing to probe in it. Only what the scan made is named in paths.
struct RemainingCheck: OperationCheck {
  static let name = "remaining"
  static let isQuick = false

  func applies(to operation: Operation, in scan: isolated Scan) -> Bool {
    let isReached = scan.coverage[operation.name]?.values.contains { (200..<300).contains($0) }
    return !operation.isRead && isReached != true && operation.graphField == nil
      && operation.method != "DELETE" && scan.settings.only == nil
  }

  func examine(_ operation: Operation, in scan: isolated Scan) async {
    var names: [String?] = [scan.users.first?.name, scan.administrator?.name].compactMap { $0 }
    if !operation.isSecured || names.isEmpty { names.append(nil) }
    let needsObject = operation.path.contains("{")
    for name in names {
      guard
        let (values, made) = await scan.values(
          for: operation, of: name ?? "anonymous", fresh: needsObject),
        made != nil || !needsObject
      else { continue }
      for style in scan.contents[operation.name].map({ [$0] }) ?? ContentStyle.allCases {
        var markers: [String] = []
        var call = Call(operation, values, as: name)
        scan.complete(&call, for: operation)
        call.body = await scan.content(of: operation, style, &markers, for: name)
        guard let answer = await scan.send(call) else { return }
        scan.note(operation, name, answer)
        if answer.isSuccess { return }
        if operation.body == nil || ![400, 415, 422].contains(answer.status) { break }
      }
    }
  }
}
