import Formats

/// The header of a signed token (RFC 7515 §4), as far as it matters here.
///
/// `jku`, `x5u`, `jwk` and `x5c` are never looked at: no token says where its key is from.
struct TokenHeader: Sendable {
  let algorithm: String
  let identifier: [UInt8]?
  let type: String?
  let contentType: String?

  /// Longest name of a key that is looked up, in bytes.
  private static let identifierBytesMax = 512

  private static let limits: JSONIndex.Limits = {
    var limits = JSONIndex.Limits()
    limits.bytesMax = 8 * 1024
    limits.valuesMax = 256
    limits.depthMax = 8
    return limits
  }()

  /// Reads a header from its JSON.
  init(_ json: [UInt8]) throws(TokenRefusal) {
    guard let index = try? JSONIndex(json, limits: TokenHeader.limits) else { throw .header }
    try self.init(index.root)
  }

  /// Reads a header; `beside` is what stands in for a `kid` that was sent beside it.
  init(_ object: JSONElement, identifier beside: JSONElement? = nil) throws(TokenRefusal) {
    guard object.kind == .object else { throw .header }
    // Nothing is understood beyond RFC 7515, so whatever is called critical is not (§4.1.11).
    if object["crit"] != nil { throw .critical }
    if let encoded = object["b64"], encoded.boolean != true { throw .critical }
    if object["enc"] != nil { throw .encrypted }
    guard let algorithm = object["alg"]?.string else { throw .header }
    self.algorithm = algorithm
    if let identifier = beside ?? object["kid"] {
      guard let bytes = identifier.textBytes, bytes.count <= TokenHeader.identifierBytesMax else {
        throw .header
      }
      self.identifier = bytes
    } else {
      identifier = nil
    }
    type = try TokenHeader.text(object, "typ")
    contentType = try TokenHeader.text(object, "cty")
  }

  private static func text(
    _ object: JSONElement, _ name: String
  ) throws(TokenRefusal) -> String? {
    guard let element = object[name] else { return nil }
    guard let text = element.string else { throw .header }
    return text
  }
}
