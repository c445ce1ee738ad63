import Crypto
import Formats
import PolicyKit

/// A key that requests are signed with, and whose it is.
struct SigningKey: Sendable {
  private enum Check: Sendable {
    case signature(SignatureVerifier)
    case code(MessageAuthenticator)
  }

  let identifier: String
  let algorithm: MessageAlgorithm
  private let reference: ConsumerReference
  private let check: Check

  init(
    _ key: PublicKey, _ algorithm: MessageAlgorithm, _ identifier: String,
    _ owner: ConsumerReference
  )
    throws(KeyError)
  {
    guard let scheme = algorithm.scheme else { throw .mismatch }
    check = .signature(try SignatureVerifier(key, scheme))
    (self.identifier, self.algorithm, reference) = (identifier, algorithm, owner)
  }

  init(
    _ secret: SymmetricKey, _ algorithm: MessageAlgorithm, _ identifier: String,
    _ owner: ConsumerReference
  ) throws(KeyError) {
    guard let hash = algorithm.hash else { throw .mismatch }
    check = .code(try MessageAuthenticator(secret, hash))
    (self.identifier, self.algorithm, reference) = (identifier, algorithm, owner)
  }

  /// Whose it is now; nil for a consumer that is disabled or gone.
  func owner(live: LiveDirectory?) -> Consumer? {
    reference.consumer(live: live).flatMap { $0.isDisabled ? nil : $0 }
  }

  /// Whether a signature is that of `message`.
  func verify(_ signature: Span<UInt8>, of message: Span<UInt8>) -> Bool {
    switch check {
    case .signature(let verifier): verifier.verify(signature, of: message)
    case .code(let authenticator): authenticator.verify(signature, of: message)
    }
  }
}

/// The keys of one policy, by what requests call them.
struct SigningKeys: Sendable {
  private static let countMax = 10_000

  private let keys: [String: SigningKey]
  /// Is asked in the place of a key that does not exist, so that it takes as long to be refused.
  private let decoy: SigningKey?

  /// Reads the list below `keys`; each key is for one of `algorithms`.
  init(_ settings: inout Settings, _ algorithms: [MessageAlgorithm], at site: PolicySite) {
    var keys: [String: SigningKey] = [:]
    let parts = settings.requiredNode("keys") == nil ? [] : settings.settingsList("keys") ?? []
    if parts.count > SigningKeys.countMax || (parts.isEmpty && settings.node("keys") != nil) {
      settings.error(
        parts.isEmpty ? "'keys' is empty" : "'keys' has \(parts.count) of them",
        expected: "1 to \(SigningKeys.countMax)", at: "keys")
    }
    for part in parts.prefix(SigningKeys.countMax) {
      var own = part
      let key = SigningKeys.key(&own, algorithms, site)
      own.finish()
      guard let key else { continue }
      if keys.updateValue(key, forKey: key.identifier) != nil {
        own.error("the key '\(key.identifier)' is there twice", at: own.position)
      }
    }
    self.keys = keys
    decoy = keys.min { $0.key < $1.key }?.value
  }

  private static func key(
    _ settings: inout Settings, _ algorithms: [MessageAlgorithm], _ site: PolicySite
  ) -> SigningKey? {
    let identifier = settings.requiredString("id") ?? ""
    let path = settings.path("key")
    let secret = settings.text("secret")
    let word = settings.choice("algorithm", algorithms.map(\.rawValue))
    let named = ConsumerSetting.read(&settings, site)
    if named == nil, settings.node("consumer") != nil { return nil }
    let owner =
      named
      ?? .known(
        Consumer(index: -1, name: identifier, roles: [], groups: [], isDisabled: false))
    do throws(KeyError) {
      switch (path, secret) {
      case (let path?, nil):
        guard case .found(let text) = settings.interpolation.file(path.string) else {
          settings.error("\(path.shown) cannot be read", at: path.position)
          return nil
        }
        let key = try PublicKey(pem: text.utf8.span)
        let fitting = algorithms.first { $0.fits(key.kind) && ($0.rawValue == word || word == nil) }
        guard let fitting else { throw .mismatch }
        return try SigningKey(key, fitting, identifier, owner)
      case (nil, let secret?):
        let algorithm = word.flatMap(MessageAlgorithm.init) ?? .hmacSHA256
        return try SigningKey(bytes(secret), algorithm, identifier, owner)
      default:
        settings.error(
          path == nil ? "no key" : "two keys", expected: "one of key and secret",
          at: settings.position)
      }
    } catch {
      settings.error("the key '\(identifier)': \(error)", at: settings.position)
    }
    return nil
  }

  private static func bytes(_ secret: Text) -> SymmetricKey {
    let prefix = "base64:"
    if secret.string.hasPrefix(prefix),
      let bytes = Base64.decode(secret.string.dropFirst(prefix.count).utf8.span, .standard)
    {
      return SymmetricKey(bytes)
    }
    return SymmetricKey(Array(secret.string.utf8))
  }

  /// The key that this signature was made with, if it is right. A key that does not exist costs as
  /// much.
  func verify(
    _ identifier: String, _ algorithm: String?, _ signature: Span<UInt8>, of message: Span<UInt8>
  ) -> SigningKey? {
    let known = keys[identifier]
    guard let asked = known ?? decoy else { return nil }
    let isRight = asked.verify(signature, of: message)
    guard isRight, let known else { return nil }
    if let algorithm, !known.algorithm.isCalled(algorithm) { return nil }
    return known
  }
}
