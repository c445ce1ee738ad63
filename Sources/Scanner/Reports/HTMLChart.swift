/// Charts as SVG, which stand in the text itself.
enum HTMLChart {
  /// A ring whose arcs are as long as their counts are large.
  static func ring(_ parts: [(name: String, count: Int)], label: String, below: String) -> String {
    let total = max(1, parts.map(\.count).reduce(0, +))
    let around = 251.2
    var start = 0.0
    var text = "<svg viewBox=\"0 0 120 100\" role=\"img\" aria-label=\"\(label) \(below)\">"
    let circle = "cx=\"60\" cy=\"50\" r=\"40\" fill=\"none\" stroke-width=\"11\""
    text += "<circle class=\"f-track\" \(circle)/>"
    for part in parts where part.count > 0 {
      let length = around * Double(part.count) / Double(total)
      text += "<circle class=\"f-\(part.name)\" \(circle) "
      text += "stroke-dasharray=\"\(rounded(length)) \(rounded(around))\" "
      text += "stroke-dashoffset=\"\(rounded(-start))\" transform=\"rotate(-90 60 50)\"/>"
      start += length
    }
    text += "<text class=\"big\" x=\"60\" y=\"54\" text-anchor=\"middle\">\(label)</text>"
    text += "<text class=\"soft\" x=\"60\" y=\"69\" text-anchor=\"middle\" "
    return text + "style=\"font-size:10px\">\(below)</text></svg>"
  }

  /// A row of bars, each with its name before and its count behind it.
  static func bars(_ rows: [(name: String, count: Int)]) -> String {
    let most = max(1, rows.map(\.count).max() ?? 1)
    var text = "<svg viewBox=\"0 0 220 \(rows.count * 17)\" role=\"img\" aria-label=\"counts\">"
    for (place, row) in rows.enumerated() {
      let y = place * 17
      text += "<text x=\"0\" y=\"\(y + 12)\" style=\"font-size:10px\">\(row.name)</text>"
      let box = "x=\"36\" y=\"\(y + 4)\" height=\"9\" rx=\"4\""
      text += "<rect class=\"f-ground\" \(box) width=\"160\"/>"
      if row.count > 0 {
        let width = max(6, 160 * row.count / most)
        text += "<rect class=\"f-bar\" \(box) width=\"\(width)\"/>"
      }
      text += "<text class=\"soft\" x=\"202\" y=\"\(y + 12)\" style=\"font-size:10px\">"
      text += "\(row.count)</text>"
    }
    return text + "</svg>"
  }

  /// Two bars, one above the other: what was, and what is.
  static func trend(before: Int, now: Int) -> String {
    let rows = [(name: "then", count: before), (name: "now", count: now)]
    return "<div style=\"max-width:30rem\">\(bars(rows))</div>"
  }

  private static func rounded(_ value: Double) -> String {
    "\((value * 10).rounded() / 10)"
  }
}
