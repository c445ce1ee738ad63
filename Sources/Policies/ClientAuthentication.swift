import Base
import Crypto
import Formats
import JOSE

/// How the gateway shows an authorization server which client it is.
struct ClientAuthentication: Sendable {
  private enum Means: Sendable {
    /// RFC 6749 §2.3.1: the value of `Authorization`.
    case basic(SymmetricKey)
    /// RFC 7523 §2.2: a signed assertion, made anew each time.
    case assertion(SignatureWriter)
    case none
  }

  /// How long an assertion holds, in seconds: it is used at once.
  private static let assertionSeconds: UInt64 = 60

  let identifier: String
  private let means: Means

  /// Reads `client-id` with `client-secret`, or with `client-key` and perhaps `client-key-id`.
  init(_ settings: inout Settings, mayBePublic: Bool = false) {
    let identifier = settings.requiredString("client-id") ?? ""
    self.identifier = identifier
    let secret = settings.text("client-secret")
    let key = settings.path("client-key")
    let name = settings.string("client-key-id")
    let given = [secret, key].compactMap { $0 }
    if given.count == 2 || (given.isEmpty && !mayBePublic) {
      settings.error(
        given.isEmpty ? "nothing shows which client this is" : "two ways to show which client",
        expected: "one of client-secret and client-key",
        at: given.last?.position ?? settings.position)
    }
    if let key, let writer = ClientAuthentication.writer(key, name, settings) {
      means = .assertion(writer)
    } else if let secret {
      let pair = FormText.encode(identifier) + ":" + FormText.encode(secret.string)
      let value = "Basic " + Base64.encode(pair.utf8.span, .standard)
      means = .basic(SymmetricKey(Array(value.utf8)))
    } else {
      means = .none
    }
  }

  private static func writer(
    _ path: Text, _ name: String?, _ settings: Settings
  ) -> SignatureWriter? {
    let text: String
    switch settings.interpolation.file(path.string) {
    case .found(let found): text = found
    case .failed(let why):
      settings.error("\(path.shown) \(why)", at: path.position)
      return nil
    }
    guard let own = try? PrivateKey(pem: text.utf8.span), let known = try? own.publicKey(),
      let algorithm = algorithm(known.kind),
      let writer = try? SignatureWriter(
        JSONWebKey(.keyPair(own, known), identifier: name), algorithm)
    else {
      settings.error(
        "\(path.shown) holds no key to sign with",
        expected: "a private key of RSA, P-256 or Ed25519",
        at: path.position)
      return nil
    }
    return writer
  }

  private static func algorithm(_ kind: KeyKind) -> SignatureAlgorithm? {
    switch kind {
    case .rsa: .rs256
    case .elliptic(.p256): .es256
    case .montgomery(.ed25519): .eddsa
    default: nil
    }
  }

  /// Adds to a request for `url` what shows the client. False if it cannot be made.
  func apply(
    to fields: inout [(name: String, value: String)], _ form: inout [(String, String)],
    url: String, nowMilliseconds: UInt64
  ) -> Bool {
    switch means {
    case .basic(let value):
      let text = value.withBytes { bytes in
        String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self)
      }
      fields.append(("authorization", text))
    case .assertion(let writer):
      guard let assertion = assertion(writer, url, nowMilliseconds / 1000) else { return false }
      form.append(("client_id", identifier))
      form.append(
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"))
      form.append(("client_assertion", assertion))
    case .none: form.append(("client_id", identifier))
    }
    return true
  }

  private func assertion(_ writer: SignatureWriter, _ url: String, _ now: UInt64) -> String? {
    guard let nonce = try? SecureRandom.bytes(16) else { return nil }
    var json = JSONWriter()
    json.beginObject()
    for (name, value) in [("iss", identifier), ("sub", identifier), ("aud", url)] {
      json.key(escaping: name)
      json.string(value)
    }
    json.key("jti")
    json.string(Base64.encode(nonce.span))
    json.key("iat")
    json.integer(Int(now))
    json.key("exp")
    json.integer(Int(now + ClientAuthentication.assertionSeconds))
    json.endObject()
    return try? writer.sign(json.bytes)
  }
}

extension JSONWriter {
  /// What was written, as an array; the writer is empty then.
  var bytes: [UInt8] {
    mutating get {
      let taken = take()
      return Array(taken.storage[taken.readIndex..<taken.writeIndex])
    }
  }
}
