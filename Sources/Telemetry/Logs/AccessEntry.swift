import Base
import HTTP

/// The names that go with a record into its line.
struct AccessEntry {
  var record: AccessRecord
  var requestID: Slice
  var consumer: [UInt8]
  var route: [UInt8]
  var service: [UInt8]
  var upstream: [UInt8]
}
