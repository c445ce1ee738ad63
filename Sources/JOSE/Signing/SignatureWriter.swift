import Base
public import Crypto
import Formats

/// Signs messages in the compact form of RFC 7515 with one key and one algorithm.
public struct SignatureWriter: Sendable {
  private enum Maker: Sendable {
    case signature(SignatureMaker)
    case code(MessageAuthenticator)
  }

  /// The algorithm that its messages name.
  public let algorithm: SignatureAlgorithm
  private let identifier: String?
  private let maker: Maker

  /// Throws if the key does not fit the algorithm, or has no private part.
  public init(_ key: JSONWebKey, _ algorithm: SignatureAlgorithm) throws(KeyError) {
    if let named = key.algorithm, named != algorithm.rawValue { throw .mismatch }
    guard key.allows("sign", .sig) else { throw .mismatch }
    self.algorithm = algorithm
    identifier = key.identifier
    switch key.material {
    case .secret(let secret):
      guard algorithm.isSymmetric, let hash = algorithm.hash else { throw .mismatch }
      maker = .code(try MessageAuthenticator(secret, hash))
    case .keyPair(let own, _):
      guard let scheme = algorithm.scheme else { throw .mismatch }
      maker = .signature(try SignatureMaker(own, scheme))
    case .publicKey: throw .mismatch
    }
  }

  /// A signed message with a header of `alg`, `kid` and, if it is given, `typ`.
  public func sign(_ payload: [UInt8], type: String? = nil) throws(CryptoError) -> String {
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("alg")
    writer.string(algorithm.rawValue)
    if let identifier {
      writer.key("kid")
      writer.string(identifier)
    }
    if let type {
      writer.key("typ")
      writer.string(type)
    }
    writer.endObject()
    let buffer = writer.take()
    return try sign(payload, header: Base64.encode(buffer.readable))
  }

  /// A signed message under a header that is in base64url already, and names this algorithm.
  func sign(_ payload: [UInt8], header: String) throws(CryptoError) -> String {
    let message = header + "." + Base64.encode(payload.span)
    let signature: [UInt8] =
      switch maker {
      case .signature(let maker): try maker.sign(message.utf8.span)
      case .code(let authenticator): authenticator.code(message.utf8.span)
      }
    return message + "." + Base64.encode(signature.span)
  }
}
