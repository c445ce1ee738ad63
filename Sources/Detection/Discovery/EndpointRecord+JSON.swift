public import Formats

extension EndpointRecord {
  /// As the admin API shows it.
  public var json: JSONValue {
    func time(_ milliseconds: UInt64) -> JSONValue {
      milliseconds == 0 ? .null : .string(Timestamp.text(Int(clamping: milliseconds)))
    }
    func count(_ number: UInt64) -> JSONValue { .integer(Int(clamping: number)) }
    return .object([
      JSONMember("service", .string(service)), JSONMember("method", .string(method)),
      JSONMember("path", .string(template)), JSONMember("standing", .string(standing.rawValue)),
      JSONMember("new", .boolean(isNew)), JSONMember("requests", count(requests)),
      JSONMember("successes", count(successes)), JSONMember("refusals", count(refusals)),
      JSONMember("failures", count(failures)), JSONMember("anonymous", count(anonymous)),
      JSONMember("addresses", .integer(Int(addresses.estimate.rounded()))),
      JSONMember("statuses", .array(statuses.sorted().map { .integer($0) })),
      JSONMember("first", time(firstMilliseconds)), JSONMember("last", time(lastMilliseconds)),
    ])
  }
}
