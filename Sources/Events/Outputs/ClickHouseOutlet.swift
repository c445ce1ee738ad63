import Formats
import Telemetry

/// Events as rows of a table, by ClickHouse's HTTP interface and its form `JSONEachRow`.
final class ClickHouseOutlet: Outlet {
  private let sender: HTTPSender
  private let node: String
  private let query: String

  /// Names of tables are letters, digits, dots and underscores alone.
  init(_ sender: HTTPSender, table: String, node: String) {
    self.sender = sender
    self.node = node
    query =
      "?query=INSERT%20INTO%20\(table)%20FORMAT%20JSONEachRow&date_time_input_format=best_effort"
      + "&input_format_skip_unknown_fields=1"
  }

  func send(_ batch: OutletBatch) throws(OutletError) {
    var writer = JSONWriter()
    let count = batch.forEach { event in
      EventForm.json.append(event, node: node, to: &writer)
      writer.endLine()
    }
    if count == 0 { return }
    try sender.post(
      writer.bytes, suffix: query, fields: [(name: "content-type", value: "application/x-ndjson")])
  }
}
