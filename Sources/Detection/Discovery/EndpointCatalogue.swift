import Base
import Telemetry

/// The endpoints that are seen behind the gateway, and how they stand to the descriptions.
///
/// An endpoint is taken in when it first answers with success: what is asked for and is not there
/// is none. There are so many endpoints and no more; what comes beyond is counted.
struct EndpointCatalogue: Sendable {
  /// Endpoints that are kept.
  static let endpointsMax = 4096

  /// What a request was to the catalogue.
  enum Sight { case nothing, known, new, shadow }

  private var records: [UInt64: EndpointRecord] = [:]
  private var described: [UInt64: DescribedEndpoint] = [:]
  private var describedServices: Set<String> = []
  /// Requests to endpoints that there was no room for.
  private(set) var overflow: UInt64 = 0

  /// What may be taken at most, in bytes, about.
  var bytesHeld: Int { EndpointCatalogue.endpointsMax * 4096 }

  /// Takes the descriptions over; what was seen keeps its counts.
  mutating func describe(_ endpoints: [DescribedEndpoint], _ shaper: PathShaper, _ mix: KeyMix) {
    described = [:]
    describedServices = []
    for endpoint in endpoints {
      let key = EndpointCatalogue.key(
        shaper.endpoint(template: endpoint.template, service: mix.key(endpoint.service)),
        endpoint.method, mix)
      described[key] = endpoint
      describedServices.insert(endpoint.service)
    }
    for key in Array(records.keys) {
      guard let service = records[key]?.service else { continue }
      let standing = standing(key, service)
      records[key]?.standing = standing
    }
  }

  static func key(_ endpoint: UInt64, _ method: String, _ mix: KeyMix) -> UInt64 {
    mix.key(endpoint, mix.key(method))
  }

  private func standing(_ key: UInt64, _ service: String) -> EndpointRecord.Standing {
    guard describedServices.contains(service) else { return .undescribed }
    guard let endpoint = described[key] else { return .shadow }
    return endpoint.isDeprecated ? .deprecated : .described
  }

  /// Takes a request in.
  mutating func observe(
    _ fact: Observation, _ event: borrowing Event, _ mix: KeyMix, isLearning: Bool,
    successesMin: Int
  ) -> (sight: Sight, key: UInt64) {
    let key = mix.key(fact.shape.endpoint, mix.key(event[.method]))
    var isNew = false
    if records[key] == nil {
      guard fact.outcome == .success, fact.service != mix.key("") else { return (.nothing, key) }
      guard records.count < EndpointCatalogue.endpointsMax else {
        overflow += 1
        return (.nothing, key)
      }
      records[key] = make(event, fact, key, isNew: !isLearning)
      isNew = true
    }
    guard let place = records.index(forKey: key) else { return (.nothing, key) }
    EndpointCatalogue.count(&records.values[place], fact, event, takesTexts: isNew)
    // One answer may be a chance; the alert comes with the one that makes it certain.
    guard fact.outcome == .success,
      records.values[place].successes == UInt64(max(1, successesMin))
    else { return (.known, key) }
    if records.values[place].standing == .shadow { return (.shadow, key) }
    return (records.values[place].isNew ? .new : .known, key)
  }

  private func make(
    _ event: borrowing Event, _ fact: Observation, _ key: UInt64, isNew: Bool
  ) -> EndpointRecord {
    let service = event.string(.service)
    var record = EndpointRecord(
      service: service, method: event.string(.method),
      template: described[key]?.template
        ?? PathTemplate.text(event[.path], parameters: fact.shape.parameters))
    record.parameters = PathTemplate.kinds(event[.path], parameters: fact.shape.parameters)
    record.standing = standing(key, service)
    record.isNew = isNew
    record.firstMilliseconds = fact.now
    return record
  }

  private static func count(
    _ record: inout EndpointRecord, _ fact: Observation, _ event: borrowing Event,
    takesTexts: Bool
  ) {
    record.requests += 1
    record.lastMilliseconds = fact.now
    if fact.consumer == 0 { record.anonymous += 1 }
    record.addresses.insert(fact.address)
    if !record.statuses.contains(fact.status), record.statuses.count < EndpointRecord.fewMax {
      record.statuses.append(fact.status)
    }
    switch fact.outcome {
    case .success: record.successes += 1
    case .failure: record.failures += 1
    case .redirection, .other: break
    default: record.refusals += 1
    }
    // Texts are looked at of every sixteenth request: they hardly change.
    guard fact.outcome == .success, takesTexts || record.successes % 16 == 0 else { return }
    QueryNames.take(event[.query], into: &record.query)
    add(event.string(.requestType), to: &record.requestTypes)
    add(event.string(.responseType), to: &record.responseTypes)
    let kinds = PathTemplate.kinds(event[.path], parameters: fact.shape.parameters)
    if kinds.count == record.parameters.count {
      record.parameters = zip(kinds, record.parameters).map { $0.joined($1) }
    }
  }

  private static func add(_ type: String, to types: inout [String]) {
    let plain = String(type.prefix { $0 != ";" && $0 != " " }).lowercased()
    if plain.isEmpty || types.contains(plain) || types.count >= 4 { return }
    types.append(plain)
  }

  /// All that were seen, and what is described and was not.
  var all: [EndpointRecord] {
    var all = Array(records.values)
    for (key, endpoint) in described where records[key] == nil {
      var record = EndpointRecord(
        service: endpoint.service, method: endpoint.method, template: endpoint.template)
      record.standing = .unused
      all.append(record)
    }
    return all.sorted {
      ($0.service, $0.template, $0.method) < ($1.service, $1.template, $1.method)
    }
  }

  /// The name of an endpoint in alerts.
  func name(_ key: UInt64) -> String? {
    records[key].map { "\($0.method) \($0.template)" }
  }
}
