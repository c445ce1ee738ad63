import Crypto
import Formats
import GraphQL
import PolicyKit

/// The only documents that pass: to the letter, or by their SHA-256.
struct ListedDocuments: Sendable {
  /// The texts by their hashes.
  private let texts: [String: String]

  /// The texts of a JSON object, by whatever names; none if they cannot be had, which is reported;
  /// nil if the settings name no file.
  init?(_ settings: inout Settings, _ site: PolicySite) {
    guard let name = settings.text("documents") else { return nil }
    guard let file = PolicyFile(name, settings, site) else {
      texts = [:]
      return
    }
    var texts: [String: String] = [:]
    do throws(JSONFault) {
      let members = try JSONValue(parsing: file.bytes, limits: .document).members
      for text in members.compactMap(\.value.string) { texts[ListedDocuments.hash(text)] = text }
      if texts.isEmpty {
        settings.error(
          "\(name.shown) names no document", expected: "an object of texts", at: name.position)
      }
    } catch {
      settings.error("\(name.shown) is no JSON: \(error)", at: name.position)
    }
    self.texts = texts
  }

  /// Gives a request that names a document by its hash the document; refuses one that is not
  /// listed, and a hash that is another document's. Without a list, no hash stands for one.
  static func resolve(
    _ request: inout GraphQLRequest, by listed: ListedDocuments?
  ) throws(GraphQLFault) {
    if let query = request.query {
      let hash = listed == nil && request.persistedHash == nil ? nil : hash(query)
      if let given = request.persistedHash, given != hash { throw QueryParts.wrongHash }
      if let listed, listed.texts[hash ?? ""] == nil { throw QueryParts.notListed }
    } else {
      guard let hash = request.persistedHash, let text = listed?.texts[hash] else {
        throw QueryParts.unknownHash
      }
      request.query = text
    }
  }

  private static func hash(_ text: String) -> String {
    let digits = Array("0123456789abcdef".utf8)
    let digest = HashFunction.sha256.hash(Array(text.utf8).span)
    let hex = digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: hex, as: UTF8.self)
  }
}
