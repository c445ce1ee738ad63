import Base
import HTTP

/// The names that go with a record into its line; borrowed, for the time that takes.
struct AccessEntry: ~Escapable {
  let record: AccessRecord
  let requestID: Slice
  let consumer: Span<UInt8>
  let route: Span<UInt8>
  let service: Span<UInt8>
  let upstream: Span<UInt8>
  let detail: Span<UInt8>
  let fingerprint: Span<UInt8>

  @_lifetime(copy consumer, copy route, copy service, copy upstream, copy detail, copy fingerprint)
  init(
    record: AccessRecord, requestID: Slice, consumer: Span<UInt8>, route: Span<UInt8>,
    service: Span<UInt8>, upstream: Span<UInt8>, detail: Span<UInt8>, fingerprint: Span<UInt8>
  ) {
    self.record = record
    self.requestID = requestID
    self.consumer = consumer
    self.route = route
    self.service = service
    self.upstream = upstream
    self.detail = detail
    self.fingerprint = fingerprint
  }
}
