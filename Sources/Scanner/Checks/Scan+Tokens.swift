import Formats

/// Whether forged tokens are believed (API2).
extension Scan {
  /// Secrets that tutorials use and people keep.
  private static let commonSecrets = [
    "secret", "password", "changeme", "123456", "12345678", "secret123", "jwtsecret", "jwt_secret",
    "your-256-bit-secret", "qwerty", "supersecret", "key", "secretkey", "secret_key", "mysecret",
    "my-secret", "test", "admin", "token", "private", "default", "random", "super-secret",
    "supersecretkey", "password123", "letmein", "s3cr3t", "dev", "development", "jwt", "jwtkey",
    "crapi", "shhhhh", "keyboard cat", "your_secret_key", "secret-key", "my_secret_key", "example",
    "app_secret", "api_secret", "changeit", "root", "1234", "12345", "123456789", "foobar", "node",
    "django-insecure", "flask", "gateway", "topsecret", "SECRET_KEY", "SECRET", "hello", "none",
  ]

  func checkTokens() async {
    guard let user = users.first, let token = Token.first(in: user) else { return }
    if token.claims["exp"] == nil, wants(.tokenNoExpiry) {
      report(
        .tokenNoExpiry, "ANY", token.field, "the token has no 'exp', so that it is good for ever",
        [])
    }
    guard let probe = await protected(by: token, user) else { return }
    let (call, own) = probe
    let (header, claims) = (token.parts[0], token.parts[1])
    let strange = Base64.encode(Array(repeating: 0x5A, count: 32).span)
    let unverified = await believes(call, own, token.field, token.value(header, claims, strange))
    if let unverified, wants(.tokenUnverified) {
      report(
        .tokenUnverified, "ANY", token.field, "any signature does",
        [FindingStep("the true token", call, own), unverified])
      return
    }
    for name in ["none", "None", "NONE"] where wants(.tokenUnsigned) {
      let none = Base64.encode(#"{"alg":"\#(name)","typ":"JWT"}"#.utf8.span)
      if let step = await believes(call, own, token.field, token.value(none, claims, "")) {
        report(
          .tokenUnsigned, "ANY", token.field, "a token without signature is believed",
          [FindingStep("the true token", call, own), step])
        break
      }
    }
    guard token.isSymmetric, wants(.tokenWeakSecret) else { return }
    guard let secret = Scan.commonSecrets.first(where: { token.isSigned(with: $0) }) else { return }
    let changed = token.claims.setting("gh", .boolean(true)).serialized
    let forged = Base64.encode(changed.utf8.span)
    guard let signature = Token.sign("\(header).\(forged)", secret),
      let step = await believes(call, own, token.field, token.value(header, forged, signature))
    else { return }
    report(
      .tokenWeakSecret, "ANY", token.field,
      "the secret is in every list of secrets, and a token that was signed with it is believed",
      [FindingStep("the true token", call, own), step])
  }

  /// A call that answers to the token, and refuses without it and with nonsense.
  private func protected(by token: Token, _ user: Identity) async -> (Call, Answer)? {
    let candidates = operations.filter { $0.method == "GET" && !$0.path.contains("{") }
    let ordered = candidates.filter { isSelf($0) } + candidates.filter { !isSelf($0) }
    for operation in ordered.prefix(12) {
      var call = Call(operation, [:], as: user.name)
      complete(&call, for: operation)
      guard let own = await send(call), own.isSuccess else { continue }
      guard let none = await send(call.by(nil)), !none.isSuccess else { continue }
      if await believes(call, own, token.field, token.prefix + "nonsense") != nil { continue }
      return (call, own)
    }
    return nil
  }

  private func believes(
    _ call: Call, _ own: Answer, _ field: String, _ value: String
  ) async -> FindingStep? {
    var forged = call.by(nil)
    forged.fields.append((field, value))
    guard let answer = await send(forged), answer.isSuccess, answer.status == own.status,
      answer.hasContent
    else { return nil }
    return FindingStep("a forged token", forged, answer)
  }
}
