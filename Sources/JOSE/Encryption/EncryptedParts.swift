/// The parts of an encrypted message for one recipient (RFC 7516 §2), decoded.
struct EncryptedParts {
  var encryptedKey: [UInt8]
  var nonce: [UInt8]
  var ciphertext: [UInt8]
  var tag: [UInt8]
  /// What is authenticated beside the content.
  var associated: [UInt8]
}
