import Formats

/// Whether forged tokens are believed, and how long true ones are (API2).
struct TokenCheck: Check {
  static let name = "tokens"

  func run(in scan: isolated Scan) async {
    guard let user = scan.users.first ?? scan.administrator, let token = Token.first(in: user),
      let (call, own) = await protected(by: token, user, in: scan)
    else { return }
    let truth = FindingStep("the true token", call, own)
    if token.claims["exp"] == nil, scan.wants(.tokenNoExpiry) {
      scan.report(
        .tokenNoExpiry, "ANY", token.field, "the token has no 'exp', so that it is good for ever",
        [truth])
    }
    let (header, claims) = (token.parts[0], token.parts[1])
    let strange = Base64.encode(Array(repeating: 0x5A, count: 32).span)
    let forged = token.value(header, claims, strange)
    if let unverified = await believes(call, own, token.field, forged, in: scan) {
      if scan.wants(.tokenUnverified) {
        scan.report(
          .tokenUnverified, "ANY", token.field, "any signature does", [truth, unverified])
      }
    } else {
      await unsigned(token, call, own, truth, in: scan)
      await foreignKey(token, call, own, truth, in: scan)
      await foreignPlace(token, call, truth, in: scan)
      await publishedKey(token, call, own, truth, in: scan)
    }
    await weakSecret(token, call, own, truth, in: scan)
  }

  private func unsigned(
    _ token: Token, _ call: Call, _ own: Answer, _ truth: FindingStep, in scan: isolated Scan
  ) async {
    guard scan.wants(.tokenUnsigned) else { return }
    for name in ["none", "None", "NONE"] {
      let none = Base64.encode(#"{"alg":"\#(name)","typ":"JWT"}"#.utf8.span)
      let value = token.value(none, token.parts[1], "")
      guard let step = await believes(call, own, token.field, value, in: scan) else { continue }
      return scan.report(
        .tokenUnsigned, "ANY", token.field, "a token without signature is believed",
        [truth, step])
    }
  }

  /// A key that the token itself names: an empty file as the key of `kid` (RFC 7515 §4.1.4).
  private func foreignKey(
    _ token: Token, _ call: Call, _ own: Answer, _ truth: FindingStep, in scan: isolated Scan
  ) async {
    guard scan.wants(.tokenUnverified), token.header["kid"] != nil else { return }
    for kid in ["../../../../../../dev/null", "' union select '' -- "] {
      let header = token.header.setting("kid", .string(kid)).setting("alg", "HS256")
      let encoded = Base64.encode(header.serialized.utf8.span)
      guard let signature = Token.sign("\(encoded).\(token.parts[1])", "") else { return }
      let value = token.value(encoded, token.parts[1], signature)
      guard let step = await believes(call, own, token.field, value, in: scan) else { continue }
      return scan.report(
        .tokenUnverified, "ANY", token.field, "the token chooses the key that verifies it",
        [truth, step])
    }
  }

  /// A place that the token itself names for its key (RFC 7515 §4.1.2): that it is asked at all.
  private func foreignPlace(
    _ token: Token, _ call: Call, _ truth: FindingStep, in scan: isolated Scan
  ) async {
    guard scan.wants(.tokenUnverified), let listener = scan.listener,
      !scan.findings.contains(where: { $0.kind == .tokenUnverified })
    else { return }
    var steps = [truth]
    for _ in 0..<2 {
      let mark = scan.marker()
      let header = token.header.setting("jku", .string(listener.url(mark)))
        .setting("kid", .string(mark))
      let value = token.value(
        Base64.encode(header.serialized.utf8.span), token.parts[1], token.parts[2])
      let forged = call.by(nil).with(field: token.field, value)
      guard let answer = await scan.send(forged), await listener.wasCalled(mark) else { return }
      steps.append(FindingStep("the address in 'jku' is asked for keys", forged, answer))
    }
    scan.report(
      .tokenUnverified, "ANY", token.field, "the token says where the key that verifies it is",
      steps)
  }

  /// A public key taken for a shared secret, since the token says HS256 (RFC 8725 §2.1).
  private func publishedKey(
    _ token: Token, _ call: Call, _ own: Answer, _ truth: FindingStep, in scan: isolated Scan
  ) async {
    guard scan.wants(.tokenUnverified), !token.isSymmetric,
      token.header["alg"]?.string?.hasPrefix("RS") == true,
      !scan.findings.contains(where: { $0.kind == .tokenUnverified })
    else { return }
    let described = scan.operations.filter { $0.isRead && $0.path.lowercased().contains("jwks") }
    for place in described.map(\.path) + PublishedKey.places {
      let look = Call("GET", place)
      guard let set = await scan.send(look), set.isSuccess, let keys = set.json else { continue }
      let header = token.header.setting("alg", "HS256")
      let encoded = Base64.encode(header.serialized.utf8.span)
      let changed = token.claims.setting("gh", .boolean(true)).serialized
      let text = encoded + "." + Base64.encode(changed.utf8.span)
      for secret in PublishedKey.secrets(of: keys).prefix(8) {
        guard let signature = Token.sign(text, secret) else { continue }
        let parts = text.split(separator: ".").map(String.init)
        let value = token.value(parts[0], parts[1], signature)
        guard let step = await believes(call, own, token.field, value, in: scan) else { continue }
        return scan.report(
          .tokenUnverified, "ANY", token.field,
          "a token that was signed with the public key as a shared secret is believed",
          [truth, FindingStep("the public key", look, set), step])
      }
      return
    }
  }

  private func weakSecret(
    _ token: Token, _ call: Call, _ own: Answer, _ truth: FindingStep, in scan: isolated Scan
  ) async {
    guard scan.wants(.tokenWeakSecret), token.isSymmetric,
      let secret = SecretGuess.secret(of: token, isQuick: scan.settings.isQuick)
    else { return }
    let changed = token.claims.setting("gh", .boolean(true)).serialized
    let claims = Base64.encode(changed.utf8.span)
    guard let signature = Token.sign("\(token.parts[0]).\(claims)", secret) else { return }
    let value = token.value(token.parts[0], claims, signature)
    guard let step = await believes(call, own, token.field, value, in: scan) else { return }
    scan.report(
      .tokenWeakSecret, "ANY", token.field,
      "the secret can be guessed, and a token that was signed with it is believed", [truth, step])
  }

  /// A call that answers to the token, and refuses without it and with nonsense.
  private func protected(
    by token: Token, _ user: Identity, in scan: isolated Scan
  ) async -> (Call, Answer)? {
    let candidates = scan.operations.filter {
      $0.isRead && !$0.path.contains("{") && scan.isAllowed($0)
    }
    let ordered = candidates.filter { scan.isSelf($0) } + candidates.filter { !scan.isSelf($0) }
    for operation in ordered.prefix(12) {
      var call = Call(operation, [:], as: user.name)
      scan.complete(&call, for: operation)
      guard let own = await scan.send(call), own.isSuccess else { continue }
      guard let none = await scan.send(call.by(nil)), !none.isSuccess else { continue }
      let nonsense = token.prefix + "nonsense"
      if await believes(call, own, token.field, nonsense, in: scan) != nil { continue }
      return (call, own)
    }
    return nil
  }

  private func believes(
    _ call: Call, _ own: Answer, _ field: String, _ value: String, in scan: isolated Scan
  ) async -> FindingStep? {
    let forged = call.by(nil).with(field: field, value)
    guard let answer = await scan.send(forged), answer.isSuccess, answer.status == own.status,
      answer.hasContent
    else { return nil }
    return FindingStep("a forged token", forged, answer)
  }
}
