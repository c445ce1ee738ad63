import Crypto
import Formats
import JOSE
import PolicyKit

/// Where the keys of a `jwt` policy are from, and what they may be used with.
struct JWTKeys {
  /// Keys that are there, or that have to be fetched.
  enum Origin {
    case keys([JSONWebKey])
    case remote(KeySetSource)
    /// Those of the gateway's own identity provider, which are handed over.
    case own(KeySetSource)
  }

  let origin: Origin
  let algorithms: Set<SignatureAlgorithm>
  /// Changes with the keys, and tells nothing of them.
  let fingerprint: String

  /// `issuers` are those whose tokens are taken: the gateway's own needs no key.
  init(
    _ settings: inout Settings, _ authorities: TrustedAuthorities?, at site: PolicySite,
    issuers: [String]
  ) {
    let set = settings.text("jwks")
    let key = settings.text("key")
    let secret = settings.text("secret")
    let isSymmetric = secret != nil
    algorithms = JWTKeys.algorithms(&settings, isSymmetric: isSymmetric)
    let given = [set, key, secret].compactMap { $0 }
    if given.isEmpty, let own = site.issuer, issuers == [own] {
      origin = .own(OwnIssuer.keys(in: site.retained))
      fingerprint = "own keys"
      return
    }
    if given.count != 1 {
      settings.error(
        given.isEmpty ? "no key to verify tokens with" : "keys from more than one place",
        expected: "one of jwks, key and secret", at: given.last?.position ?? settings.position)
    }
    if let set, let url = JWTKeys.url(set, settings) {
      let timing = KeySetState.Timing()
      origin = .remote(
        site.retained.object("key set \(url) \(authorities?.fingerprint ?? "")") {
          KeySetSource(url: url, authorities: authorities, timing: timing)
        })
      fingerprint = url
      return
    }
    let keys =
      set.map { JWTKeys.readSet($0, settings) } ?? key.map { JWTKeys.readPEM($0, settings) }
      ?? secret.map { JWTKeys.readSecret($0, settings) } ?? ([], "")
    origin = .keys(keys.0)
    fingerprint = SHA256Hasher().hash(keys.1.utf8.span).hex
    if !keys.0.isEmpty, VerificationKeys(keys.0, algorithms: algorithms).isEmpty {
      settings.error(
        "no key fits the algorithms "
          + algorithms.map(\.rawValue).sorted().joined(separator: ", "),
        expected: "keys and algorithms of one kind", at: given[0].position)
    }
  }

  private static func algorithms(
    _ settings: inout Settings, isSymmetric: Bool
  ) -> Set<SignatureAlgorithm> {
    let names = SignatureAlgorithm.allCases.filter { $0.isSymmetric == isSymmetric }
      .map(\.rawValue)
    guard let words = settings.choices("algorithms", names) else {
      return isSymmetric ? [.hs256] : [.rs256, .es256, .eddsa]
    }
    if words.isEmpty { settings.error("no algorithm is allowed", at: "algorithms") }
    return Set(words.compactMap(SignatureAlgorithm.init))
  }

  /// The URL, if it is one; anything else is a file.
  private static func url(_ text: Text, _ settings: Settings) -> String? {
    guard text.string.hasPrefix("https://") || text.string.hasPrefix("http://") else { return nil }
    if !RemoteURL.isAllowed(text.string) {
      settings.refuse(text, "jwks", expected: "an https URL, or a file")
    }
    return text.string
  }

  private static func content(_ path: Text, _ settings: Settings) -> String? {
    switch settings.interpolation.file(path.string) {
    case .found(let text): return text
    case .failed(let why):
      settings.error("\(path.shown) \(why)", at: path.position)
      return nil
    }
  }

  private static func readSet(_ path: Text, _ settings: Settings) -> ([JSONWebKey], String) {
    guard let text = content(path, settings) else { return ([], "") }
    do throws(JWKError) {
      let set = try JSONWebKeySet(json: Array(text.utf8))
      if set.keys.contains(where: { $0.publicKey == nil }) {
        settings.error(
          "\(path.shown) holds secrets", expected: "public keys; a secret goes under 'secret'",
          at: path.position)
      }
      return (set.keys, text)
    } catch {
      settings.error("\(path.shown): \(error)", at: path.position)
      return ([], "")
    }
  }

  private static func readPEM(_ path: Text, _ settings: Settings) -> ([JSONWebKey], String) {
    guard let text = content(path, settings) else { return ([], "") }
    do throws(KeyError) {
      return ([JSONWebKey(.publicKey(try PublicKey(pem: text.utf8.span)))], text)
    } catch {
      settings.error("\(path.shown): \(error)", at: path.position)
      return ([], "")
    }
  }

  private static func readSecret(_ text: Text, _ settings: Settings) -> ([JSONWebKey], String) {
    let prefix = "base64:"
    guard text.string.hasPrefix(prefix),
      let bytes = Base64.decode(text.string.dropFirst(prefix.count).utf8.span, .standard)
    else {
      // Never shown, wherever it came from.
      settings.error(
        "'secret' is no secret in base64", expected: "base64: and at least 32 bytes in base64",
        at: text.position)
      return ([], "")
    }
    return ([JSONWebKey(.secret(SymmetricKey(bytes)))], text.string)
  }
}
