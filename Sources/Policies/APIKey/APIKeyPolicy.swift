import Base
import Crypto
public import Formats
import HTTP
public import PolicyKit

/// `api-key`: tells who calls by a key in a header field.
public final class APIKeyPolicy: RequestPolicy {
  /// What the policy is called, when it runs, and its options.
  public static var manifest: PolicyManifest {
    PolicyManifest(
      name: "api-key", stage: .identification, isAuthentication: true,
      summary: "Tells who calls by a key in a header field.",
      options: [
        .init("header", "field name", default: "X-API-Key", "the field that holds the key"),
        .init("keep", "boolean", default: "false", "whether the upstream gets the key too"),
      ])
  }

  /// Longest key in bytes; a longer one is refused before it is hashed.
  private static let keyBytesMax = 256

  private let header: [UInt8]
  private let keeps: Bool
  private let table: KeyTable
  private let consumers: [Consumer]
  private let hasher = SHA256Hasher()

  /// Compiles the settings; what is wrong is reported through them.
  public init(_ settings: inout Settings, at site: PolicySite) {
    let name = settings.string("header") ?? "X-API-Key"
    header = Array(name.lowercased().utf8)
    if name.isEmpty || !header.allSatisfy(ASCII.isToken) {
      settings.error("'\(name)' is no field name", at: settings.position(of: "header"))
    }
    keeps = settings.boolean("keep") ?? false
    table = KeyTable(site.directory.credentials)
    consumers = site.directory.consumers
  }

  /// Decides on one request.
  public func review(_ exchange: inout Exchange) -> Verdict {
    let header = self.header
    let count = exchange.request.fields.count(named: header.span)
    if count == 0 { return refuse(.credentialsRequired) }
    guard count == 1, let place = exchange.request.fields.value(named: header.span),
      let index = consumer(exchange.request.fields, place), !consumers[index].isDisabled
    else { return refuse(.credentialsInvalid) }
    exchange.consumer = consumers[index]
    if !keeps { exchange.request.fields.remove(named: header.span) }
    return .proceed
  }

  private func consumer(_ fields: borrowing Fields, _ place: Slice) -> Int? {
    if place.isEmpty || Int(place.count) > APIKeyPolicy.keyBytesMax { return nil }
    let key = fields[place]
    guard KeyForm.isPlausible(key) else { return nil }
    return table.consumer(hasher.hash(key))
  }

  private func refuse(_ problem: Problem) -> Verdict {
    .deny(Denial(problem, challenge: "APIKey realm=\"gatehouse\""))
  }
}
