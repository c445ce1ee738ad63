/// Whether a token is still believed after its owner has signed out (API2). The account is the
/// scan's own.
struct LogoutCheck: Check {
  static let name = "token-after-logout"
  static let isQuick = false

  func run(in scan: isolated Scan) async {
    guard scan.wants(.brokenAuthentication),
      let operation = scan.operations.first(where: { operation in
        let path = operation.path.lowercased()
        return ["logout", "signout", "sign-out", "logoff"].contains { path.contains($0) }
          && ["POST", "DELETE", "GET"].contains(operation.method)
          && operation.pathParameters.isEmpty && operation.graphField == nil
      }), scan.settings.place == nil || scan.settings.place == operation.place,
      let (account, _, _) = await scan.makeAccount(),
      let before = await scan.selfView(of: account.name),
      let none = await scan.send(before.call.by(nil)), !none.isSuccess
    else { return }
    var call = Call(operation, [:], as: account.name)
    scan.complete(&call, for: operation)
    guard let done = await scan.send(call), done.isSuccess,
      let after = await scan.send(before.call), after.isSuccess,
      let again = await scan.send(before.call), again.isSuccess
    else { return }
    scan.report(
      .brokenAuthentication, operation, nil, "the token is still believed after signing out",
      [
        FindingStep("signed in", before.call, before.answer),
        FindingStep("control: without a token", before.call.by(nil), none),
        FindingStep("signing out", call, done),
        FindingStep("the same token", before.call, after),
      ])
  }
}
