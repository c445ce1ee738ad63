import Base
import Runtime
import Telemetry

/// Events as log records and spans, and the gateway's metrics, to a collector of OpenTelemetry, by
/// OTLP over HTTP.
final class OTLPOutlet: Outlet {
  private let what: EventOutputs.OTLP
  private let node: String
  private let logs: HTTPSender?
  private let traces: HTTPSender?
  private let metrics: HTTPSender?
  /// The batch whose logs were taken while its spans were not.
  private var logged: UInt64?
  private var nextMetrics = Clock.monotonic
  private var nextComplaint = Clock.monotonic

  /// `sender` makes one for each kind that is sent.
  init(_ what: EventOutputs.OTLP, node: String, _ sender: () -> HTTPSender?) {
    self.what = what
    self.node = node
    logs = what.hasLogs ? sender() : nil
    traces = what.hasTraces ? sender() : nil
    metrics = what.metrics == nil ? nil : sender()
  }

  private static let fields = [(name: "content-type", value: "application/x-protobuf")]

  func send(_ batch: OutletBatch) throws(OutletError) {
    tellMetrics()
    if let logs, logged != batch.number,
      let body = OTLPForm.logs(batch, node: node, version: what.version)
    {
      try logs.post(body, suffix: "/v1/logs", fields: OTLPOutlet.fields)
      logged = batch.number
    }
    if let traces,
      let body = OTLPForm.spans(
        batch, node: node, version: what.version, sample: what.sample)
    {
      try traces.post(body, suffix: "/v1/traces", fields: OTLPOutlet.fields)
    }
  }

  func settle() { tellMetrics() }

  /// Sends the metrics when they are due. They are counted from the beginning of the process on, so
  /// that what could not be sent is in what is sent next: nothing is kept or tried again.
  private func tellMetrics() {
    let now = Clock.monotonic
    guard let metrics, let told = what.metrics, now >= nextMetrics else { return }
    nextMetrics = now.adding(milliseconds: told.milliseconds)
    guard
      let body = OTLPMetrics.request(
        told.exposition(), node: node, version: what.version,
        began: told.beganUnixSeconds * 1_000_000_000, now: Clock.wallMilliseconds * 1_000_000)
    else { return }
    do throws(OutletError) {
      try metrics.post(body, suffix: "/v1/metrics", fields: OTLPOutlet.fields)
    } catch {
      if now < nextComplaint { return }
      nextComplaint = now.adding(milliseconds: 60_000)
      ErrorLog.warning("the collector that gets metrics \(error.reason)")
    }
  }
}
