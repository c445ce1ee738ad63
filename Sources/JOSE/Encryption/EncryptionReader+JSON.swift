import Formats

extension EncryptionReader {
  /// The content of a message in JSON form, flattened or with a list of recipients
  /// (RFC 7516 §7.2), for the first recipient that we are.
  public func decrypt(json: [UInt8]) throws(TokenRefusal) -> [UInt8] {
    guard json.count <= limits.bytesMax else { throw .tooLarge }
    guard let index = try? JSONIndex(json), index.root.kind == .object else { throw .form }
    let root = index.root
    let guarded = try text(root, "protected") ?? []
    var header: JSONIndex?
    if !guarded.isEmpty {
      guard let decoded = Base64.decode(guarded.span), let read = try? JSONIndex(decoded) else {
        throw .header
      }
      header = read
    }
    var associated = guarded
    if let more = try text(root, "aad") { associated += [UInt8(ascii: ".")] + more }
    var parts = EncryptedParts(
      encryptedKey: [], nonce: try bytes(root, "iv"), ciphertext: try bytes(root, "ciphertext"),
      tag: try bytes(root, "tag"), associated: associated)
    var last = TokenRefusal.form
    for recipient in try recipients(root) {
      do throws(TokenRefusal) {
        parts.encryptedKey = try bytes(recipient, "encrypted_key")
        let open = [root["unprotected"], recipient["header"]].compactMap { $0 }
        return try self.open(parts, EncryptionHeader(header?.root, open))
      } catch {
        last = error
      }
    }
    throw last
  }

  private func recipients(_ root: JSONElement) throws(TokenRefusal) -> [JSONElement] {
    guard let list = root["recipients"] else { return [root] }
    let recipients = list.elements
    guard list.kind == .array, !recipients.isEmpty, recipients.count <= limits.recipientsMax,
      recipients.allSatisfy({ $0.kind == .object }), root["encrypted_key"] == nil,
      root["header"] == nil
    else { throw .form }
    return recipients
  }

  private func text(_ object: JSONElement, _ name: String) throws(TokenRefusal) -> [UInt8]? {
    guard let element = object[name] else { return nil }
    guard let text = element.textBytes else { throw .form }
    return text
  }

  private func bytes(_ object: JSONElement, _ name: String) throws(TokenRefusal) -> [UInt8] {
    guard let text = try text(object, name) else { return [] }
    guard let bytes = Base64.decode(text.span) else { throw .form }
    return bytes
  }
}
