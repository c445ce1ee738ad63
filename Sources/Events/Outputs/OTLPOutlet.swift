import Telemetry

/// Events as log records and spans to a collector of OpenTelemetry, by OTLP over HTTP.
final class OTLPOutlet: Outlet {
  private let logs: HTTPSender?
  private let traces: HTTPSender?
  private let node: String
  private let version: String
  private let sample: Double
  /// The batch whose logs were taken while its spans were not.
  private var logged: UInt64?

  /// Where nothing is sent of one kind, its sender is nil. `sample` is the share of the traces that
  /// are kept, beside all that failed.
  init(logs: HTTPSender?, traces: HTTPSender?, node: String, version: String, sample: Double) {
    self.logs = logs
    self.traces = traces
    self.node = node
    self.version = version
    self.sample = sample
  }

  func send(_ batch: OutletBatch) throws(OutletError) {
    let fields = [(name: "content-type", value: "application/x-protobuf")]
    if let logs, logged != batch.number,
      let body = OTLPForm.logs(batch, node: node, version: version)
    {
      try logs.post(body, suffix: "/v1/logs", fields: fields)
      logged = batch.number
    }
    if let traces,
      let body = OTLPForm.spans(batch, node: node, version: version, sample: sample)
    {
      try traces.post(body, suffix: "/v1/traces", fields: fields)
    }
  }
}
