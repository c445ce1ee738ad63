import Crypto
import Formats

/// Whether a session's token can be worked out by somebody else (API2): from what the account is
/// called, or from the token before it. The accounts whose tokens are made are the scan's own,
/// where the API makes accounts.
struct PredictableTokenCheck: Check {
  static let name = "predictable-token"
  static let isQuick = false

  func run(in scan: isolated Scan) async {
    guard scan.wants(.predictableToken),
      let first = scan.users.first(where: { $0.login != nil }), Token.first(in: first) == nil,
      let second = scan.identities.first(where: { $0.login != nil && $0.name != first.name }),
      let (field, prefix, own) = PredictableTokenCheck.parts(of: first),
      let (_, _, other) = PredictableTokenCheck.parts(of: second), own != other
    else { return }
    let theirs = PredictableTokenCheck.guesses(for: second.name, in: scan)
    for guess in PredictableTokenCheck.guesses(for: first.name, in: scan) where guess.text == own {
      guard let same = theirs.first(where: { $0.way == guess.way && $0.text == other }) else {
        continue
      }
      return await prove(
        second, field, prefix + same.text, "the token is \(guess.way) of the account", in: scan)
    }
    await series(first, field, prefix, in: scan)
  }

  /// The field that holds an identity's token, what stands before it, and the token.
  private static func parts(of identity: Identity) -> (String, String, String)? {
    guard let member = identity.headers.last, let value = member.value.string else { return nil }
    let token: Substring
    if member.name.lowercased() == "cookie" {
      guard !value.contains(";"), let equals = value.firstIndex(of: "=") else { return nil }
      token = value[value.index(after: equals)...]
    } else {
      token = value.split(separator: " ").last ?? ""
    }
    guard !token.isEmpty else { return nil }
    return (member.name, String(value.dropLast(token.count)), String(token))
  }

  /// Tokens that an account would have if they were made of what others know of it.
  static func guesses(
    for name: String, in scan: isolated Scan
  ) -> [(way: String, text: String)] {
    var facts: [(String, String)] = []
    for (kind, values) in (scan.selves[name] ?? [:]).sorted(by: { $0.key < $1.key }) {
      for value in values.sorted().prefix(4) { facts.append((kind, value)) }
    }
    var plain = facts
    for left in facts {
      for right in facts where left != right {
        for mark in [":", "-", "_", ".", "|"] {
          plain.append(("\(left.0)\(mark)\(right.0)", left.1 + mark + right.1))
        }
      }
    }
    var all: [(way: String, text: String)] = []
    for (way, text) in plain {
      let bytes = Array(text.utf8)
      all.append(("the \(way)", text))
      all.append(("Base64 of the \(way)", Base64.encode(bytes.span, .standard)))
      all.append(("Base64 of the \(way)", Base64.encode(bytes.span)))
      all.append(("hexadecimal digits of the \(way)", hexadecimal(bytes)))
      all.append(("SHA-1 of the \(way)", hexadecimal(LegacyHash.sha1(bytes.span))))
      all.append(("SHA-256 of the \(way)", hexadecimal(SHA256Hasher().hash(bytes.span).bytes)))
    }
    return all
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// Tokens that are counted: three in a row say what the fourth is.
  private func series(
    _ identity: Identity, _ field: String, _ prefix: String, in scan: isolated Scan
  ) async {
    var numbers: [Int] = []
    for _ in 0..<3 {
      guard let number = await drawn(identity, in: scan) else { return }
      numbers.append(number)
    }
    let step = numbers[1] - numbers[0]
    // What is drawn from a clock grows as well, but never by the same small step.
    guard (1...16).contains(abs(step)), numbers[2] - numbers[1] == step,
      let fourth = await drawn(identity, in: scan), fourth - numbers[2] == step
    else { return }
    await prove(
      identity, field, prefix + String(fourth), "each token is the one before it and \(step)",
      in: scan)
  }

  private func drawn(_ identity: Identity, in scan: isolated Scan) async -> Int? {
    guard let login = identity.login,
      let headers = try? await scan.credential(of: identity.name, login)
    else { return nil }
    var other = identity
    other.headers = headers
    return PredictableTokenCheck.parts(of: other).flatMap { Int($0.2) }
  }

  /// Shows that a token which was worked out is believed, and nonsense is not.
  private func prove(
    _ identity: Identity, _ field: String, _ value: String, _ claim: String,
    in scan: isolated Scan
  ) async {
    guard let view = await scan.selfView(of: identity.name) else { return }
    let forged = view.call.by(nil).with(field: field, value)
    let nonsense = view.call.by(nil).with(field: field, value + "0gh")
    guard let none = await scan.send(view.call.by(nil)), !none.isSuccess,
      let refused = await scan.send(nonsense), !refused.isSuccess,
      let answer = await scan.send(forged), answer.isSuccess,
      Likeness.areAlike(answer, view.answer)
    else { return }
    scan.report(
      .predictableToken, "ANY", field, claim,
      [
        FindingStep("the true token", view.call, view.answer),
        FindingStep("control: another one", nonsense, refused),
        FindingStep("the one that was worked out", forged, answer),
      ])
  }
}
