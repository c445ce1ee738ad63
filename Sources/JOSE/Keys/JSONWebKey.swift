public import Crypto
public import Formats

/// A key in the form of RFC 7517, checked when it was read.
public struct JSONWebKey: Sendable {
  /// What kind of key it is, and the key itself.
  public enum Material: Sendable {
    case publicKey(PublicKey)
    case keyPair(PrivateKey, PublicKey)
    case secret(SymmetricKey)
  }

  /// What it is meant for.
  public enum Use: String, Sendable { case sig, enc }

  /// The key itself.
  public let material: Material
  /// What tokens call it by.
  public let identifier: String?
  /// What it is meant for, if it says.
  public let use: Use?
  /// What may be done with it, if it says (RFC 7517 §4.3).
  public let operations: Set<String>?
  /// The one algorithm that it is for, if it says.
  public let algorithm: String?

  /// A key by itself.
  public init(
    _ material: Material, identifier: String? = nil, use: Use? = nil,
    operations: Set<String>? = nil, algorithm: String? = nil
  ) {
    self.material = material
    self.identifier = identifier
    self.use = use
    self.operations = operations
    self.algorithm = algorithm
  }

  /// Reads one key from its JSON text.
  public init(json: [UInt8]) throws(JWKError) {
    let index: JSONIndex
    do throws(JSONFault) { index = try JSONIndex(json) } catch { throw .json(error) }
    try self.init(index.root)
  }

  /// Reads one key; members that are not known are ignored, as is any certificate in it.
  public init(_ object: JSONElement) throws(JWKError) {
    guard object.kind == .object else { throw .member("kty") }
    let members = KeyMembers(object)
    identifier = try members.text("kid")
    algorithm = try members.text("alg")
    let use = try members.text("use")
    // A use of somebody's own is neither of the two, so the key serves for nothing here.
    guard use == nil || Use(rawValue: use ?? "") != nil else { throw .member("use") }
    self.use = use.flatMap(Use.init)
    operations = try members.words("key_ops")
    guard let type = try members.text("kty") else { throw .member("kty") }
    switch type {
    case "RSA": material = try members.rsa()
    case "EC": material = try members.elliptic()
    case "OKP": material = try members.montgomery()
    case "oct": material = .secret(SymmetricKey(try members.bytes("k")))
    default: throw .unknownType
    }
  }

  /// The public part; nil for a secret.
  public var publicKey: PublicKey? {
    switch material {
    case .publicKey(let key), .keyPair(_, let key): key
    case .secret: nil
    }
  }

  /// Whether the key may be used for `operation` by what it says of itself.
  func allows(_ operation: String, _ wanted: Use) -> Bool {
    if let use, use != wanted { return false }
    if let operations, !operations.contains(operation) { return false }
    return true
  }
}
