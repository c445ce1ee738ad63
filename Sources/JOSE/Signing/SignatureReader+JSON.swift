import Formats

extension SignatureReader {
  /// Verifies a message in JSON form, flattened or with a list of signatures (RFC 7515 §7.2).
  ///
  /// Every signature must be right and by a key that is known: a message of which one part alone
  /// was checked would be taken for more than it is. Of the header, what decides must be protected:
  /// `alg` and `kid` may stand outside only if nothing is protected.
  public func verify(json: [UInt8]) throws(TokenRefusal) -> SignedMessage {
    guard json.count <= bytesMax else { throw .tooLarge }
    guard let index = try? JSONIndex(json) else { throw .form }
    let root = index.root
    guard let encoded = root["payload"]?.textBytes else { throw .form }
    let signatures: [JSONElement]
    if let list = root["signatures"] {
      guard list.kind == .array, root["signature"] == nil, root["protected"] == nil,
        root["header"] == nil
      else { throw .form }
      signatures = list.elements
    } else {
      signatures = [root]
    }
    guard !signatures.isEmpty, signatures.count <= 8 else { throw .form }
    var last: SignedMessage?
    for signature in signatures { last = try verify(signature, encoded) }
    guard let last else { throw .form }
    return last
  }

  private func verify(
    _ object: JSONElement, _ encoded: [UInt8]
  ) throws(TokenRefusal) -> SignedMessage {
    guard object.kind == .object, let text = object["signature"]?.textBytes,
      let signature = Base64.decode(text.span)
    else { throw .form }
    var guarded: [UInt8] = []
    if let element = object["protected"] {
      guard let bytes = element.textBytes, !bytes.isEmpty else { throw .form }
      guarded = bytes
    }
    let header = try header(guarded, object["header"])
    let algorithm = try allowed(header.algorithm)
    let message = guarded + [UInt8(ascii: ".")] + encoded
    try keys.verify(
      signature.span, of: message.span, algorithm, identifier: header.identifier)
    guard let payload = Base64.decode(encoded.span) else { throw .form }
    return SignedMessage(
      payload: payload, algorithm: algorithm, type: header.type, contentType: header.contentType)
  }

  /// The header of which both parts are one: no name may stand in both (RFC 7515 §4).
  private func header(
    _ guarded: [UInt8], _ open: JSONElement?
  ) throws(TokenRefusal) -> TokenHeader {
    if guarded.isEmpty {
      guard let open else { throw .header }
      return try TokenHeader(open)
    }
    guard let json = Base64.decode(guarded.span), let index = try? JSONIndex(json),
      index.root.kind == .object
    else { throw .header }
    guard let open else { return try TokenHeader(index.root) }
    guard open.kind == .object else { throw .header }
    var names = Set(index.root.members.map(\.name))
    for (name, _) in open.members {
      guard names.insert(name).inserted, name != "crit", name != "b64" else { throw .header }
    }
    guard index.root["alg"] != nil else { throw .header }
    if index.root["kid"] != nil || open["kid"] == nil { return try TokenHeader(index.root) }
    return try TokenHeader(index.root, identifier: open["kid"])
  }
}
