/// Whether answers hold what no client should get (API3).
struct ExcessiveDataCheck: OperationCheck {
  static let name = "excessive-data"

  /// Names of members that no client should be shown, however it was asked.
  private static let secretNames: Set<String> = [
    "password", "passwd", "pwd", "passwordhash", "hashedpassword", "passwordsalt", "salt", "ssn",
    "socialsecuritynumber", "cvv", "cvc", "privatekey", "mfasecret", "totpsecret", "otpsecret",
    "resettoken", "pinhash", "resetpasswordcode", "resetcode", "otp", "userpassword", "passhash",
  ]

  func applies(to operation: Operation, in scan: isolated Scan) -> Bool {
    operation.isRead && scan.wants(.excessiveData, at: operation)
  }

  func examine(_ operation: Operation, in scan: isolated Scan) async {
    // What was answered already says whether there is anything to look at.
    if let known = scan.reachers[operation.name], !FunctionReadCheck.isPrivileged(operation),
      secret(in: known.answer, [], in: scan) == nil
    {
      return
    }
    let sent = Set(
      scan.operations.flatMap { $0.leafMembers.map { Names.plain(Operation.last(of: $0.name)) } })
    for who in [scan.users.first?.name, nil] as [String?] {
      guard who == nil || !scan.users.isEmpty, !operation.isSecured || who != nil,
        let (values, _) = await scan.values(for: operation, of: who ?? "anonymous")
      else { continue }
      var call = Call(operation, values, as: who)
      scan.complete(&call, for: operation)
      if operation.body != nil {
        var markers: [String] = []
        call.body = await scan.usualContent(of: operation, &markers, for: who)
      }
      guard let answer = await scan.send(call) else { continue }
      scan.note(operation, who, answer)
      guard answer.isSuccess, let name = secret(in: answer, sent, in: scan) else { continue }
      guard let again = await scan.send(call), secret(in: again, sent, in: scan) == name else {
        continue
      }
      return scan.report(
        .excessiveData, operation, name, "the answer holds '\(name)'",
        [FindingStep("it is shown", call, answer), FindingStep("and again", call, again)])
    }
  }

  /// The first member of an answer that is a secret and not masked.
  private func secret(
    in answer: Answer, _ sent: Set<String>, in scan: isolated Scan
  ) -> String? {
    let passwords = scan.identities.flatMap { $0.login?.body.dotted ?? [] }
      .filter { ExcessiveDataCheck.secretNames.contains(Names.plain(Operation.last(of: $0.name))) }
      .compactMap(\.value.string)
    return (answer.json?.leaves ?? []).first { leaf in
      guard let text = leaf.value.scalarText, text.utf8.count >= 3 else { return false }
      if text.allSatisfy({ "*x•.-".contains($0) }) || text.hasPrefix("***") { return false }
      let name = Names.plain(leaf.name)
      if passwords.contains(text), text.utf8.count >= 6 { return true }
      // A member that callers set themselves is theirs to see, except for a password.
      if !name.contains("pass"), name != "pwd", sent.contains(name) { return false }
      return ExcessiveDataCheck.secretNames.contains(name)
    }?.name
  }
}
