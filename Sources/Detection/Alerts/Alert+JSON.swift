import Base
import Blueprint
public import Formats

extension Alert {
  /// As the admin API shows it.
  public var json: JSONValue {
    func time(_ milliseconds: UInt64) -> JSONValue {
      .string(Timestamp.text(Int(clamping: milliseconds)))
    }
    return .object([
      JSONMember("id", .string(id)), JSONMember("state", .string(state.rawValue)),
      JSONMember("severity", .string(severity.rawValue)),
      JSONMember("detector", .string(detector.rawValue)),
      JSONMember("title", .string(title)),
      JSONMember("about", .string("\(subject.rawValue) \(name)")),
      JSONMember("first", time(firstMilliseconds)), JSONMember("last", time(lastMilliseconds)),
      JSONMember("count", .integer(count)), JSONMember("suppressed", .integer(suppressed)),
      JSONMember("client", client.map { .string($0.description) } ?? .null),
      JSONMember("consumer", consumer.isEmpty ? .null : .string(consumer)),
      JSONMember("service", service.isEmpty ? .null : .string(service)),
      JSONMember("route", route.isEmpty ? .null : .string(route)),
      JSONMember(
        "evidence", .object(figures.map { JSONMember($0.name, .integer($0.value)) })),
      JSONMember("samples", .array(samples.map { .string($0) })),
      JSONMember("responses", .array(responses.map { .string($0) })),
    ])
  }

  /// What shows it, in words and figures, in one line.
  public var evidence: String {
    let words = figures.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
    return "\(subject.rawValue) \(name)\(words.isEmpty ? "" : ": ")\(words)"
  }
}
