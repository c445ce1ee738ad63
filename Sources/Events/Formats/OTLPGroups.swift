import Crypto
import Telemetry

/// What events of one batch have in common with each other, written once: most of a span's bytes
/// are the same for all requests of a route that went the same way.
struct OTLPGroups {
  /// A group: its attributes, and the field with the name of its spans.
  private struct Written {
    let attributes: [UInt8]
    let name: [UInt8]
  }

  /// What attributes are in the message: 6 in a log record, 9 in a span.
  let attributeNumber: UInt8
  private var numbers: Interner
  private var written: [Written] = []

  init(attributeNumber: UInt8) {
    self.attributeNumber = attributeNumber
    numbers = Interner(seed: (try? SecureRandom.word()) ?? 0x9E37_79B9_7F4A_7C15)
  }

  /// Appends the attributes of an event's group.
  mutating func append(_ event: borrowing Event, to writer: inout ProtobufWriter) {
    writer.append(written[number(event)].attributes)
  }

  /// Appends the name of an event's span.
  mutating func appendName(_ event: borrowing Event, to writer: inout ProtobufWriter) {
    writer.append(written[number(event)].name)
  }

  private mutating func number(_ event: borrowing Event) -> Int {
    if numbers.count >= Interner.countMax - 1 {
      numbers.clear()
      written = []
    }
    let number = event.withGroup { Int(numbers.number(of: $0, $1)) }
    if number == written.count {
      var attributes = ProtobufWriter(capacity: 1024)
      OTLPForm.common(event, attributeNumber, &attributes)
      var name = ProtobufWriter(capacity: 64)
      name.field(5, OTLPForm.spanName(event))
      written.append(Written(attributes: attributes.bytes, name: name.bytes))
    }
    return number
  }
}
