public import Formats
public import Telemetry

/// How events are written for others: a JSON object each.
public enum EventForm: String, CaseIterable, Sendable {
  /// Our own names, as in the access log.
  case json
  /// The Elastic Common Schema 8.
  case ecs
  /// The Open Cybersecurity Schema Framework 1.6.
  case ocsf

  /// Appends an event of `node`, without a line end.
  ///
  /// What clients chose is escaped, so that it stays within its string and its line, and turns no
  /// text around (CWE-117).
  public func append(_ event: borrowing Event, node: String, to writer: inout JSONWriter) {
    switch self {
    case .json: PlainForm.append(event, node: node, to: &writer)
    case .ecs: ECSForm.append(event, node: node, to: &writer)
    case .ocsf: OCSFForm.append(event, node: node, to: &writer)
    }
  }
}

extension JSONWriter {
  /// A member with a text of the event, unless it is empty.
  mutating func member(_ key: StaticString, _ event: borrowing Event, _ text: EventText) {
    let bytes = event[text]
    if bytes.isEmpty { return }
    self.key(key)
    string(bytes)
  }

  mutating func member(_ key: StaticString, _ text: String) {
    self.key(key)
    string(text)
  }

  mutating func member(_ key: StaticString, _ text: StaticString) {
    self.key(key)
    string(text.description)
  }

  mutating func member(_ key: StaticString, _ number: Int) {
    self.key(key)
    integer(number)
  }

  mutating func member(_ key: StaticString, _ number: UInt64) {
    self.key(key)
    integer(Int(clamping: number))
  }

  mutating func member(_ key: StaticString, object body: (inout JSONWriter) -> Void) {
    self.key(key)
    beginObject()
    body(&self)
    endObject()
  }
}
