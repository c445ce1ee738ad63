import Crypto
import Formats

/// Decrypts messages in the forms of RFC 7516, with keys and algorithms that were chosen before.
///
/// Nothing of a message is used before its tag was found right; a failure says nothing of where.
public struct EncryptionReader: Sendable {
  /// How much work a message may ask for.
  public struct Limits: Hashable, Sendable {
    /// Longest message, in bytes.
    public var bytesMax = 64 * 1024
    /// Longest content once it is decompressed, in bytes.
    public var contentBytesMax = 256 * 1024
    /// Most rounds of a password's derivation (`p2c`): 10,000 are some milliseconds of a core.
    public var iterationsMax = 10_000
    /// Fewest rounds, below which a password is no protection (RFC 8018 §4.2).
    public var iterationsMin = 1_000
    /// Most recipients of a message in JSON form.
    public var recipientsMax = 8

    public init() {}
  }

  let keys: [JSONWebKey]
  let managements: Set<KeyManagement>
  let contents: Set<ContentEncryption>
  /// How much work a message may ask for.
  public let limits: Limits

  /// A reader that has these keys, and takes these algorithms and no others.
  public init(
    keys: [JSONWebKey], managements: Set<KeyManagement>,
    contents: Set<ContentEncryption> = Set(ContentEncryption.allCases), limits: Limits = Limits()
  ) {
    self.keys = keys
    self.managements = managements
    self.contents = contents
    self.limits = limits
  }

  /// The content of a message in compact form.
  public func decrypt(compact token: Span<UInt8>) throws(TokenRefusal) -> [UInt8] {
    guard token.count <= limits.bytesMax else { throw .tooLarge }
    guard let compact = CompactToken(token, parts: 5) else { throw .form }
    var decoded: [[UInt8]] = []
    for part in compact.parts {
      guard let bytes = Base64.decode(token.extracting(part)) else { throw .form }
      decoded.append(bytes)
    }
    guard let index = try? JSONIndex(decoded[0]) else { throw .header }
    var associated: [UInt8] = []
    for at in compact.parts[0] { associated.append(token[at]) }
    let header = try EncryptionHeader(index.root, [])
    return try open(
      EncryptedParts(
        encryptedKey: decoded[1], nonce: decoded[2], ciphertext: decoded[3], tag: decoded[4],
        associated: associated), header)
  }

  /// Decrypts with the first key that does it.
  func open(
    _ parts: EncryptedParts, _ header: EncryptionHeader
  ) throws(TokenRefusal) -> [UInt8] {
    guard managements.contains(header.management), contents.contains(header.content) else {
      throw .algorithm
    }
    let source = ContentKeySource(header: header, encryptedKey: parts.encryptedKey, limits: limits)
    var isKnown = false
    for key in keys where fits(key, header) {
      isKnown = true
      guard let contentKey = try source.contentKey(with: key),
        let content = header.content.open(
          parts.ciphertext, key: contentKey, nonce: parts.nonce, tag: parts.tag,
          associated: parts.associated)
      else { continue }
      return try whole(content, header)
    }
    throw isKnown ? .decryption : .unknownKey
  }

  private func whole(
    _ content: [UInt8], _ header: EncryptionHeader
  ) throws(TokenRefusal) -> [UInt8] {
    guard header.isCompressed else { return content }
    guard let inflated = Inflater.inflate(content, bytesMax: limits.contentBytesMax) else {
      throw .decryption
    }
    return inflated
  }

  /// Whether a key may be tried: by its name, its use, and the algorithm it is for.
  private func fits(_ key: JSONWebKey, _ header: EncryptionHeader) -> Bool {
    if let named = header.identifier, let own = key.identifier, named != own { return false }
    if let use = key.use, use != .enc { return false }
    if let operations = key.operations,
      operations.isDisjoint(with: ["decrypt", "unwrapKey", "deriveKey", "deriveBits"])
    {
      return false
    }
    guard let algorithm = key.algorithm else { return true }
    // A key for `dir` may name the content encryption that it is for.
    return algorithm == header.management.rawValue
      || header.management == .direct && algorithm == header.content.rawValue
  }
}
