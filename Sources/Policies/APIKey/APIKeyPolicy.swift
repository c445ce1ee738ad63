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
    let found = inHeader + inQuery == 1 ? credential(exchange.request) : nil
    if !keeps, inQuery > 0 { parameter?.remove(from: &exchange.request) }
    guard let found, !consumers[credentials[found].consumer].isDisabled else {
      return refuse(.credentialsInvalid)
    }
    if let hasScopes, !hasScopes[found] { return .deny(Denial(.accessDenied)) }
    exchange.consumer = consumers[credentials[found].consumer]
    exchange.credential = found
    if !keeps { exchange.request.fields.remove(named: header.span) }
    return .proceed
  }

  /// The credential that the one key stands for, wherever it is.
  private func credential(_ request: borrowing RequestHead) -> Int? {
    let header = self.header
    if let place = request.fields.value(named: header.span) {
      return credential(request.fields[place])
    }
    guard let value = parameter?.value(in: request) else { return nil }
    return credential(value.span)
  }

  private func credential(_ key: Span<UInt8>) -> Int? {
    guard !key.isEmpty, key.count <= APIKeyPolicy.keyBytesMax, KeyForm.isPlausible(key) else {
      return nil
    }
    return table.credential(hasher.hash(key))
  }

  private func refuse(_ problem: Problem) -> Verdict {
    .deny(Denial(problem, challenge: challenge))
  }
}
