import Base
import Events
import Formats
import HTTP
import Telemetry

/// Prints events for people, or as lines of JSON.
struct EventPrinter {
  private let form: EventForm?
  private let node: String

  /// A printer of a form; `table` for people. The events are those of `node`.
  init(form: String, node: String) {
    self.form = EventForm(rawValue: form)
    self.node = node
  }

  /// What stands over a table.
  var head: String {
    form != nil
      ? ""
      : EventPrinter.columns("TIME", "STATUS", "MS", "CLIENT", "CONSUMER", "ROUTE", "REQUEST")
  }

  /// The lines of those events that fit.
  func text(_ block: EventBlock, fitting filter: EventFilter = EventFilter()) -> String {
    var lines = ""
    block.forEach { event in if filter.matches(event) { lines += text(event) } }
    return lines
  }

  private func text(_ event: borrowing Event) -> String {
    guard let form else { return row(event) }
    var writer = JSONWriter()
    form.append(event, node: node, to: &writer)
    return writer.text + "\n"
  }

  private func row(_ event: borrowing Event) -> String {
    let time = Timestamp.text(Int(clamping: event.wallMilliseconds))
    var what = shown(event, .reason)
    if event.kind == .exchange {
      what = "\(shown(event, .method)) \(shown(event, .path))"
      if !event[.query].isEmpty { what += "?\(shown(event, .query))" }
      if let problem = event.problem {
        let policy = event[.policy].isEmpty ? "" : " by \(shown(event, .policy))"
        what +=
          "  [\(problem.code)\(policy)\(event[.reason].isEmpty ? "" : ": ")"
          + "\(shown(event, .reason))]"
      }
    } else if event.kind == .finding {
      what = "\(shown(event, .policy)): \(what). \(shown(event, .detail))"
    }
    let isExchange = event.kind == .exchange
    return EventPrinter.columns(
      time, isExchange ? "\(event.status)" : "\(event.kind.name)",
      isExchange ? "\(event.durationMicroseconds / 1000)" : "", event.client.description,
      shown(event, .consumer), shown(event, .route), what)
  }

  /// Text that others chose, as it may stand on a terminal: escaped as in JSON.
  private func shown(_ event: borrowing Event, _ text: EventText) -> String {
    var buffer = ByteBuffer()
    JSONWriter.append(quoted: event[text], to: &buffer)
    let bytes = buffer.storage[buffer.readIndex + 1..<buffer.writeIndex - 1]
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func columns(_ cells: String...) -> String {
    let widths = [20, 11, 7, 15, 14, 16, 0]
    var line = ""
    for (cell, width) in zip(cells, widths) {
      let text = cell.isEmpty && width > 0 ? "-" : cell
      line += text + String(repeating: " ", count: max(0, width - text.count))
      if width > 0 { line += " " }
    }
    return line + "\n"
  }
}
