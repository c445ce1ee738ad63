extension Exposition {
  /// What was found in the traffic, by detector; nothing if nobody looks.
  mutating func alerts(_ counts: AlertCounts?) {
    guard let counts else { return }
    let name = "gatehouse_alerts_total"
    head(name, "Alerts that were opened, by detector.", "counter")
    for (detector, count) in counts.opened {
      line(name, "detector=\"\(Exposition.escaped(detector))\"", count)
    }
    let overflow = "gatehouse_alerts_overflow_total"
    head(overflow, "Findings that made no alert, since there were too many.", "counter")
    line(overflow, "", counts.overflow)
    let damaged = "gatehouse_detection_damaged_blocks_total"
    head(damaged, "Blocks of events that detection could not read to their end.", "counter")
    line(damaged, "", counts.damaged)
  }
}
