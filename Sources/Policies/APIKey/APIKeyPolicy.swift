import Base
import Crypto
public import Formats
import HTTP
public import PolicyKit

/// `api-key`: tells who calls by a key in a header field, or in the query where that is asked for.
public final class APIKeyPolicy: RequestPolicy {
  /// What the policy is called, when it runs, and its options.
  public static var manifest: PolicyManifest {
    PolicyManifest(
      name: "api-key", stage: .identification, isAuthentication: true,
      summary: "Tells who calls by a key in a header field, or in the query.",
      options: [
        .init("header", "field name", default: "X-API-Key", "the field that holds the key"),
        .init("query", "parameter name", default: "off", "the query parameter that may hold it"),
        .init("keep", "boolean", default: "false", "whether the upstream gets the key too"),
      ])
  }

  /// Longest key in bytes; a longer one is refused before it is hashed.
  private static let keyBytesMax = 256

  private let header: [UInt8]
  /// The parameter's name; empty if the query is not looked at.
  private let parameter: [UInt8]
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
    let query = settings.string("query") ?? "off"
    parameter = query == "off" ? [] : Array(query.utf8)
    if !parameter.allSatisfy(ASCII.isUnreserved) {
      settings.error("'\(query)' is no parameter name", at: settings.position(of: "query"))
    }
    keeps = settings.boolean("keep") ?? false
    table = KeyTable(site.directory.credentials)
    consumers = site.directory.consumers
  }

  /// Decides on one request.
  public func review(_ exchange: inout Exchange) -> Verdict {
    let header = self.header
    var count = exchange.request.fields.count(named: header.span)
    var place = exchange.request.fields.value(named: header.span)
    var inQuery = QueryParameter()
    if !parameter.isEmpty {
      inQuery = QueryParameter(parameter, in: exchange.request)
      count += inQuery.count
      place = place ?? inQuery.value
    }
    if count == 0 { return refuse(.credentialsRequired) }
    guard count == 1, let place, let index = consumer(exchange.request.fields, place),
      !consumers[index].isDisabled
    else { return refuse(.credentialsInvalid) }
    exchange.consumer = consumers[index]
    if !keeps {
      exchange.request.fields.remove(named: header.span)
      if inQuery.count > 0 { inQuery.remove(from: &exchange.request) }
    }
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
