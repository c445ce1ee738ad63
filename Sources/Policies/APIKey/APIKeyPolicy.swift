import Base
import Crypto
public import Formats
import HTTP
public import PolicyKit

/// `api-key`: tells who calls by a key in a header field, or in the query if that is asked for.
public final class APIKeyPolicy: CredentialPolicy, QueryCredentialPolicy {
  /// What the policy is called, when it runs, and its options.
  public static var manifest: PolicyManifest {
    PolicyManifest(
      name: "api-key", stage: .identification, isAuthentication: true,
      summary: "Tells who calls by a key in a header field.",
      options: [
        .init("header", "field name", default: "X-API-Key", "the field that holds the key"),
        .init("query", "parameter name", default: "none", "a query parameter that may hold it"),
        .init("scopes", "list of words", default: "none", "the key has all of these scopes"),
        .init("keep", "boolean", default: "false", "whether the upstream gets the key too"),
      ])
  }

  /// What is checked here.
  public static let kind = CredentialKinds.key

  /// Longest key in bytes; a longer one is refused before it is hashed.
  private static let keyBytesMax = 256

  private let header: [UInt8]
  private let parameter: QueryParameter?
  private let keeps: Bool
  private let table: KeyTable
  private let credentials: [ConsumerDirectory.Credential]
  private let consumers: [Consumer]
  /// By credential: whether it has the scopes; decided once. Nil if none is asked for.
  private let hasScopes: [Bool]?
  private let scopes: Set<String>
  private let hasher = SHA256Hasher()

  /// Compiles the settings; what is wrong is reported through them.
  public init(_ settings: inout Settings, at site: PolicySite) {
    let name = settings.string("header") ?? "X-API-Key"
    header = Array(name.lowercased().utf8)
    if name.isEmpty || !header.allSatisfy(ASCII.isToken) {
      settings.error("'\(name)' is no field name", at: settings.position(of: "header"))
    }
    let query = settings.text("query")
    parameter = query.map { QueryParameter($0.string) }
    if let query, query.string.isEmpty || !query.string.utf8.allSatisfy(ASCII.isUnreserved) {
      settings.refuse(query, "query", expected: "letters, digits and any of -._~")
    }
    let scopes = Set(settings.list("scopes") ?? [])
    keeps = settings.boolean("keep") ?? false
    self.scopes = scopes
    credentials = site.directory.credentials
    table = KeyTable(credentials)
    consumers = site.directory.consumers
    hasScopes = scopes.isEmpty ? nil : credentials.map { scopes.isSubset(of: $0.scopes) }
  }

  /// The parameter of the query, if one is read.
  public var secretParameters: [[UInt8]] { parameter.map { [$0.name] } ?? [] }

  /// What a client is told that shows no key.
  public var challenge: StaticString? { "APIKey realm=\"gatehouse\"" }

  /// Takes keys out of the request.
  public func withdraw(from exchange: inout Exchange) {
    if keeps { return }
    let header = self.header
    exchange.request.fields.remove(named: header.span)
    if let parameter, parameter.count(in: exchange.request) > 0 {
      parameter.remove(from: &exchange.request)
    }
  }

  /// Decides on one request.
  public func review(_ exchange: inout Exchange) -> Verdict {
    let header = self.header
    let inHeader = exchange.request.fields.count(named: header.span)
    let inQuery = parameter?.count(in: exchange.request) ?? 0
    if inHeader + inQuery == 0 { return refuse(.credentialsRequired) }
    let digest = inHeader + inQuery == 1 ? digest(exchange.request) : nil
    if !keeps, inQuery > 0 { parameter?.remove(from: &exchange.request) }
    guard let digest else { return refuse(.credentialsInvalid) }
    exchange.notes(credential: digest.words.0)
    if let found = table.credential(digest) {
      guard !consumers[credentials[found].consumer].isDisabled else {
        return refuse(.credentialsInvalid)
      }
      if let hasScopes, !hasScopes[found] { return .deny(Denial(.accessDenied)) }
      identify(consumers[credentials[found].consumer], &exchange)
      exchange.credential = found
    } else {
      guard let key = storedKey(digest, exchange) else { return refuse(.credentialsInvalid) }
      guard scopes.isEmpty || scopes.isSubset(of: key.consumer.scopes ?? []) else {
        return .deny(Denial(.accessDenied))
      }
      identify(key.consumer, &exchange)
    }
    if !keeps { exchange.request.fields.remove(named: header.span) }
    return .proceed
  }

  /// The key of the store with this hash, if it is good now.
  private func storedKey(_ digest: Digest256, _ exchange: borrowing Exchange) -> LiveKey? {
    exchange.live?.key(ofSHA256: digest.words, atMilliseconds: exchange.wallMilliseconds)
  }

  /// The hash of the one key, wherever it is; nil for what cannot be a key.
  private func digest(_ request: borrowing RequestHead) -> Digest256? {
    let header = self.header
    if let place = request.fields.value(named: header.span) {
      return digest(request.fields[place])
    }
    guard let value = parameter?.value(in: request) else { return nil }
    return digest(value.span)
  }

  private func digest(_ key: Span<UInt8>) -> Digest256? {
    guard !key.isEmpty, key.count <= APIKeyPolicy.keyBytesMax, KeyForm.isPlausible(key) else {
      return nil
    }
    return hasher.hash(key)
  }

  private func refuse(_ problem: Problem) -> Verdict {
    .deny(Denial(problem, challenge: challenge))
  }
}
