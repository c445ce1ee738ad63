import Base

/// Samples, and what stands over them.
extension Exposition {
  mutating func head(_ name: String, _ help: String, _ type: String) {
    text.append(utf8: "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n")
  }

  /// One sample; `labels` and one label `more` are as they are written between the brackets, or
  /// empty.
  mutating func line(_ name: String, _ labels: String, _ more: String, _ value: UInt64) {
    begin(name, labels, more)
    text.append(decimal: UInt(value))
    text.append("\n")
  }

  mutating func line(_ name: String, _ labels: String, _ value: UInt64) {
    line(name, labels, "", value)
  }

  mutating func line(_ name: String, _ labels: String, _ value: Double) {
    begin(name, labels, "")
    text.append(utf8: "\(value)\n")
  }

  private mutating func begin(_ name: String, _ labels: String, _ more: String) {
    text.append(utf8: name)
    if !labels.isEmpty || !more.isEmpty {
      text.append("{")
      text.append(utf8: labels)
      if !labels.isEmpty, !more.isEmpty { text.append(",") }
      text.append(utf8: more)
      text.append("}")
    }
    text.append(" ")
  }

  mutating func gauge(_ name: String, _ help: String, _ value: UInt64) {
    head(name, help, "gauge")
    line(name, "", value)
  }

  /// A count without labels, of all loops together.
  mutating func sum(_ name: String, _ help: String, _ count: LoopMetrics.Count) {
    head(name, help, "counter")
    line(name, "", sum { $0.value(count) })
  }

  /// The labels of buckets by their bounds; made once for many histograms.
  static func bounds(_ microseconds: [UInt64]) -> [String] {
    microseconds.map { "le=\"\(Double($0) / 1_000_000)\"" } + ["le=\"+Inf\""]
  }

  /// The lines of one histogram; its count is what its buckets hold, so that they always agree.
  mutating func histogram(
    _ name: String, _ labels: String, _ bounds: [String], _ buckets: [UInt64], nanoseconds: UInt64
  ) {
    let bucket = name + "_bucket"
    var running: UInt64 = 0
    for place in bounds.indices {
      running &+= buckets[place]
      line(bucket, labels, bounds[place], running)
    }
    line(name + "_sum", labels, Double(nanoseconds) / 1e9)
    line(name + "_count", labels, running)
  }

  // MARK: Sums over the loops

  func sum(_ value: (LoopMetrics) -> UInt64) -> UInt64 { loops.reduce(0) { $0 &+ value($1) } }

  /// The counts of one name.
  func row(_ number: Int, _ table: (LoopMetrics) -> [LabelledCounts]) -> [UInt64] {
    var counts = [UInt64](repeating: 0, count: LabelledCounts.count)
    for loop in loops {
      let rows = table(loop)
      guard rows.indices.contains(number) else { continue }
      for place in counts.indices { counts[place] &+= rows[number].value(place) }
    }
    return counts
  }

  /// A label's value as the format has it: backslash, quote and line feed with a backslash.
  static func escaped(_ value: String) -> String {
    var result = ""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
