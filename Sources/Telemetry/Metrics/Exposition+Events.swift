extension Exposition {
  /// What became of the events, by who reads them.
  mutating func events(_ events: EventMetrics?) {
    guard let events, !events.streams.isEmpty else { return }
    let delivered = "gatehouse_events_delivered_total"
    head(delivered, "Events given to a reader.", "counter")
    for counts in events.streams { line(delivered, label(counts.subscriber), counts.delivered) }
    let lost = "gatehouse_events_lost_total"
    head(lost, "Events lost, by reader and by where.", "counter")
    for counts in events.streams {
      line(lost, label(counts.subscriber), "at=\"reader\"", counts.lost)
    }
    if let count = events.storeLost { line(lost, label("store"), "at=\"disk\"", count) }
    for output in events.outputs {
      line(lost, label(output.name), "at=\"queue\"", output.lost)
      line(lost, label(output.name), "at=\"rejected\"", output.rejected)
    }
    if events.outputs.isEmpty { return }
    let sent = "gatehouse_events_sent_total"
    head(sent, "Events that the other side of an output has taken.", "counter")
    for output in events.outputs { line(sent, label(output.name), output.sent) }
    let failures = "gatehouse_events_output_failures_total"
    head(failures, "Tries to hand events over that failed.", "counter")
    for output in events.outputs { line(failures, label(output.name), output.failures) }
    let waiting = "gatehouse_events_waiting_bytes"
    head(waiting, "Events that wait for an output.", "gauge")
    for output in events.outputs { line(waiting, label(output.name), output.waitingBytes) }
  }

  private func label(_ name: String) -> String { "reader=\"\(Exposition.escaped(name))\"" }
}
