import Crypto
import Formats
import JOSE
import Storage

/// A key that tokens are signed with, and when.
struct SigningKey: Sendable {
  /// The place in the row of its algorithm, from 1.
  let number: Int
  let algorithm: SignatureAlgorithm
  /// What tokens call it by: its thumbprint (RFC 7638).
  let identifier: String
  /// From when on it signs, in milliseconds since 1970; it is published before.
  let from: Int
  let writer: SignatureWriter
  /// The public part.
  let key: JSONWebKey
  /// The public part as others read it.
  let published: JSONValue

  /// Bits of an RSA modulus (RFC 7518 §3.3); longer ones sign at a fifth of the speed.
  private static let modulusBits = 2048

  /// The name of a record.
  static func name(_ algorithm: SignatureAlgorithm, _ number: Int) -> String {
    let digits = "\(number)"
    return algorithm.rawValue + "-" + String(repeating: "0", count: max(0, 8 - digits.count))
      + digits
  }

  /// A new key, as the change that makes it known; of two that make one at once, one succeeds.
  static func make(
    _ algorithm: SignatureAlgorithm, _ number: Int, from: Int
  ) throws -> VaultChange {
    let key: PrivateKey =
      algorithm == .es256
      ? try .generateP256() : try .generateRSA(bits: modulusBits)
    let pem = String(decoding: try key.pem(), as: UTF8.self)
    return .put(
      StoredKinds.signingKey, name(algorithm, number),
      .object([
        JSONMember("algorithm", .string(algorithm.rawValue)),
        JSONMember("number", .integer(number)), JSONMember("from", .integer(from)),
        JSONMember("key", .string(pem)),
      ]), expecting: .absent)
  }

  /// Reads a record.
  init(_ record: VaultRecord) throws {
    guard let name = record.body["algorithm"]?.string,
      let algorithm = SignatureAlgorithm(rawValue: name),
      let number = record.body["number"]?.integer, let from = record.body["from"]?.integer,
      let pem = record.body["key"]?.string
    else { throw StoreError.damaged("the signing key '\(record.id)' lacks a member") }
    let own = try PrivateKey(pem: pem.utf8.span)
    let known = try own.publicKey()
    guard let identifier = JSONWebKey.thumbprint(of: known),
      let members = JSONWebKey.members(of: known)
    else { throw StoreError.damaged("the signing key '\(record.id)' cannot be read") }
    self.number = number
    self.algorithm = algorithm
    self.identifier = identifier
    self.from = from
    writer = try SignatureWriter(
      JSONWebKey(.keyPair(own, known), identifier: identifier), algorithm)
    key = JSONWebKey(
      .publicKey(known), identifier: identifier, use: .sig, algorithm: algorithm.rawValue)
    published = .object(
      members + [
        JSONMember("kid", .string(identifier)), JSONMember("use", "sig"),
        JSONMember("alg", .string(algorithm.rawValue)),
      ])
  }
}
