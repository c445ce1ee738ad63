import Base
import Telemetry

/// Finds the rows of a page that a filter wants, by the columns alone that it asks about.
struct PageSearch {
  let filter: EventFilter

  /// The rows, in their order; nil if a column is damaged.
  func rows(of page: PageFile) -> [Int]? {
    let header = page.header
    if header.lastMilliseconds < filter.since || header.firstMilliseconds > filter.until {
      return []
    }
    var rows: [Int]?
    guard narrowByGroup(page, &rows) else { return nil }
    for (text, value) in filter.texts where !text.isGrouped {
      guard let columns = PageSearch.columns(text) else { continue }
      guard narrow(page, columns, &rows, { EventFilter.isEqual($0, value.span) }) else {
        return nil
      }
    }
    if let client = filter.client {
      let isFound = narrow(page, (.addressCodes, .addresses), &rows) { entry in
        client.contains(PageSearch.address(entry))
      }
      if !isFound { return nil }
    }
    if !filter.pathPrefix.isEmpty {
      guard narrow(page, (.pathCodes, .paths), &rows, { filter.hasPrefix($0) }) else { return nil }
    }
    guard narrowByNames(page, &rows) else { return nil }
    return narrowByTime(page, rows)
  }

  private func narrowByGroup(_ page: PageFile, _ rows: inout [Int]?) -> Bool {
    guard filter.asksGroup else { return true }
    return narrow(page, (.groupCodes, .groups), &rows) { entry in
      guard let group = EventGroup(entry) else { return false }
      return filter.matches(group)
    }
  }

  /// Leaves those rows whose entry in a column is wanted; false if the column is damaged.
  private func narrow(
    _ page: PageFile, _ columns: (codes: PageColumn, entries: PageColumn), _ rows: inout [Int]?,
    _ isWanted: (Span<UInt8>) -> Bool
  ) -> Bool {
    if rows?.isEmpty == true { return true }
    guard let entries = page.entries(columns.entries) else { return false }
    var wanted = [Bool](repeating: false, count: entries.count)
    var wantedCount = 0
    for number in 0..<entries.count where isWanted(entries[number]) {
      wanted[number] = true
      wantedCount += 1
    }
    if wantedCount == entries.count { return true }
    if wantedCount == 0 {
      rows = []
      return true
    }
    guard let codes = page.codes(columns.codes, entryCount: entries.count) else { return false }
    if let before = rows {
      rows = before.filter { wanted[Int(codes[$0])] }
    } else {
      var found: [Int] = []
      for row in codes.indices where wanted[Int(codes[row])] { found.append(row) }
      rows = found
    }
    return true
  }

  /// Names of requests and traces, which are in no table.
  private func narrowByNames(_ page: PageFile, _ rows: inout [Int]?) -> Bool {
    if filter.requestID == nil, filter.trace == nil { return true }
    if rows?.isEmpty == true { return true }
    guard let marks = page.bytes(.marks), marks.count == page.header.count else { return false }
    if let name = filter.requestID {
      var bits: [UInt8] = []
      let form = RequestName.append(name.span, to: &bits)
      if form == 0 {
        let columns = (codes: PageColumn.requestCodes, entries: PageColumn.requests)
        guard narrow(page, columns, &rows, { EventFilter.isEqual($0, name.span) }) else {
          return false
        }
      } else {
        guard let names = page.bytes(.requestNames) else { return false }
        let wanted = PageMarks.hasName | PageMarks.isUUID
        let found = PageSearch.places(of: bits, in: names, marks, PageMarks.hasName)
        rows = found.filter { marks[$0] & wanted == form && rows?.contains($0) != false }
      }
    }
    if let trace = filter.trace {
      guard let traces = page.bytes(.traces) else { return false }
      var bits: [UInt8] = []
      for word in [trace.high, trace.low] {
        for place in 0..<8 { bits.append(UInt8(truncatingIfNeeded: word >> UInt64(8 * place))) }
      }
      let found = PageSearch.places(of: bits, in: traces, marks, PageMarks.hasTrace)
      rows = found.filter { row in rows?.contains(row) != false }
    }
    return true
  }

  /// The rows whose sixteen bytes in a column of those that have some are these.
  private static func places(
    of bits: [UInt8], in column: [UInt8], _ marks: [UInt8], _ mark: UInt8
  ) -> [Int] {
    var (rows, at): ([Int], Int) = ([], 0)
    for row in marks.indices where marks[row] & mark != 0 {
      if at + 16 > column.count { break }
      if column[at] == bits[0], column[at + 1] == bits[1], column[at..<at + 16].elementsEqual(bits)
      {
        rows.append(row)
      }
      at += 16
    }
    return rows
  }

  private func narrowByTime(_ page: PageFile, _ rows: [Int]?) -> [Int]? {
    let header = page.header
    let found = rows ?? Array(0..<header.count)
    if header.firstMilliseconds >= filter.since, header.lastMilliseconds <= filter.until {
      return found
    }
    guard !found.isEmpty else { return found }
    guard let times = page.times() else { return nil }
    return found.filter { times[$0] >= filter.since && times[$0] <= filter.until }
  }

  private static func columns(
    _ text: EventText
  ) -> (codes: PageColumn, entries: PageColumn)? {
    switch text {
    case .consumer: (.consumerCodes, .consumers)
    case .userAgent: (.agentCodes, .agents)
    case .path: (.pathCodes, .paths)
    case .query: (.queryCodes, .queries)
    case .referer: (.refererCodes, .referers)
    case .detail: (.detailCodes, .details)
    default: nil
    }
  }

  private static func address(_ entry: Span<UInt8>) -> IPAddress {
    var words: (UInt64, UInt64) = (0, 0)
    guard entry.count == 16 else { return .unspecified }
    for place in 0..<8 {
      words.0 |= UInt64(entry[place]) << UInt64(8 * place)
      words.1 |= UInt64(entry[8 + place]) << UInt64(8 * place)
    }
    return IPAddress(high: words.0, low: words.1)
  }
}
