import Base

/// Metrics of Prometheus' text format as a request of `MetricsService/Export` of OpenTelemetry
/// (opentelemetry-proto 1.x): counters as cumulative sums, gauges, histograms and summaries by the
/// rules of its page "Prometheus and OpenMetrics Compatibility".
///
/// What is read is what the gateway itself writes, so that the text is the one place where metrics
/// are named.
struct OTLPMetrics {
  /// A line: what stands in the brackets, and the value.
  private struct Sample {
    let labels: [(name: String, value: String)]
    let value: Double
  }

  /// Samples of a histogram or summary that have their labels in common, but for the bound.
  private struct Distribution {
    let labels: [(name: String, value: String)]
    var bounds: [Double] = []
    var running: [UInt64] = []
    var sum = 0.0
    var count: UInt64 = 0
  }

  private struct Family {
    var name: String
    var help = ""
    var kind = "untyped"
    var samples: [(suffix: String, sample: Sample)] = []
  }

  private static let cumulative: UInt64 = 2

  private let beganNanoseconds: UInt64
  private let nowNanoseconds: UInt64
  private var writer = ProtobufWriter()

  /// The request; nil if the text has no metrics. Times are nanoseconds since 1970.
  static func request(
    _ text: [UInt8], node: String, version: String, began: UInt64, now: UInt64
  ) -> [UInt8]? {
    var metrics = OTLPMetrics(beganNanoseconds: began, nowNanoseconds: now)
    let families = families(String(decoding: text, as: UTF8.self))
    if families.isEmpty { return nil }
    let (all, scope) = OTLPForm.begin(&metrics.writer, node: node, version: version)
    for family in families { metrics.write(family) }
    metrics.writer.end(scope)
    metrics.writer.end(all)
    return metrics.writer.bytes
  }

  private init(beganNanoseconds: UInt64, nowNanoseconds: UInt64) {
    self.beganNanoseconds = beganNanoseconds
    self.nowNanoseconds = nowNanoseconds
  }

  // MARK: Reading

  private static func families(_ text: String) -> [Family] {
    var families: [Family] = []
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 3)
      if line.hasPrefix("# HELP "), words.count == 4 {
        families.append(Family(name: String(words[2]), help: String(words[3])))
      } else if line.hasPrefix("# TYPE "), words.count == 4, let last = families.indices.last {
        families[last].kind = String(words[3])
      } else if let last = families.indices.last, let (name, sample) = sample(line),
        name.hasPrefix(families[last].name)
      {
        let suffix = String(name.dropFirst(families[last].name.count))
        families[last].samples.append((suffix, sample))
      }
    }
    return families.filter { !$0.samples.isEmpty }
  }

  private static func sample(_ line: Substring) -> (name: Substring, sample: Sample)? {
    guard let space = line.lastIndex(of: " "),
      let value = Double(line[line.index(after: space)...])
    else { return nil }
    let series = line[..<space]
    guard let open = series.firstIndex(of: "{") else {
      return (series, Sample(labels: [], value: value))
    }
    guard series.last == "}" else { return nil }
    let labels = labels(series[series.index(after: open)...].dropLast())
    return (series[..<open], Sample(labels: labels, value: value))
  }

  /// Labels as the format has them, with backslash, quote and line feed escaped in values.
  private static func labels(_ text: Substring) -> [(name: String, value: String)] {
    var labels: [(name: String, value: String)] = []
    var rest = text
    while let equals = rest.firstIndex(of: "=") {
      let name = String(rest[..<equals])
      var value = ""
      var isEscaped = false
      rest = rest[rest.index(after: equals)...].dropFirst()
      while let letter = rest.popFirst() {
        if isEscaped {
          value.append(letter == "n" ? "\n" : letter)
          isEscaped = false
        } else if letter == "\\" {
          isEscaped = true
        } else if letter == "\"" {
          break
        } else {
          value.append(letter)
        }
      }
      labels.append((name, value))
      if rest.first == "," { rest.removeFirst() }
    }
    return labels
  }

  // MARK: Writing

  private mutating func write(_ family: Family) {
    let metric = writer.begin(2)
    // The unit stands in the name, as Prometheus has it, and apart, as OpenTelemetry has it.
    writer.field(1, family.name)
    writer.field(2, family.help)
    let unit = unit(family.name)
    if !unit.isEmpty { writer.field(3, unit) }
    switch family.kind {
    case "histogram", "summary": distributions(family)
    case "counter":
      let sum = writer.begin(7)
      points(family)
      writer.field(2, OTLPMetrics.cumulative)
      writer.field(3, 1)
      writer.end(sum)
    default:
      let gauge = writer.begin(5)
      points(family)
      writer.end(gauge)
    }
    writer.end(metric)
  }

  /// By the Unified Code for Units of Measure, as the conventions ask.
  private func unit(_ name: String) -> String {
    let base = name.hasSuffix("_total") ? String(name.dropLast(6)) : name
    return base.hasSuffix("_seconds") ? "s" : base.hasSuffix("_bytes") ? "By" : ""
  }

  private mutating func points(_ family: Family) {
    for (_, sample) in family.samples {
      let point = writer.begin(1)
      times()
      writer.fixed64(4, sample.value.bitPattern)
      attributes(7, sample.labels)
      writer.end(point)
    }
  }

  private mutating func times() {
    writer.fixed64(2, beganNanoseconds)
    writer.fixed64(3, nowNanoseconds)
  }

  private mutating func attributes(
    _ number: UInt8, _ labels: [(name: String, value: String)]
  ) {
    for (name, value) in labels { writer.attribute(number, named: name, value) }
  }

  private mutating func distributions(_ family: Family) {
    var found: [Distribution] = []
    for (suffix, sample) in family.samples {
      let labels = sample.labels.filter { $0.name != "le" }
      let isSame =
        found.last.map { $0.labels.elementsEqual(labels, by: { $0 == $1 }) } ?? false
      if !isSame { found.append(Distribution(labels: labels)) }
      let place = found.count - 1
      switch suffix {
      case "_bucket":
        let bound = sample.labels.first { $0.name == "le" }.flatMap { Double($0.value) }
        if let bound, bound.isFinite { found[place].bounds.append(bound) }
        found[place].running.append(UInt64(sample.value))
      case "_sum": found[place].sum = sample.value
      default: found[place].count = UInt64(sample.value)
      }
    }
    let isHistogram = family.kind == "histogram"
    let all = writer.begin(isHistogram ? 9 : 11)
    for one in found {
      let point = writer.begin(1)
      times()
      writer.fixed64(4, one.count)
      writer.fixed64(5, one.sum.bitPattern)
      if isHistogram { buckets(one) }
      attributes(isHistogram ? 9 : 7, one.labels)
      writer.end(point)
    }
    if isHistogram { writer.field(2, OTLPMetrics.cumulative) }
    writer.end(all)
  }

  /// Each bucket by itself, where Prometheus counts all up to a bound.
  private mutating func buckets(_ one: Distribution) {
    let counts = writer.begin(6)
    var before: UInt64 = 0
    for running in one.running {
      writer.word(running &- before)
      before = running
    }
    writer.end(counts)
    let bounds = writer.begin(7)
    for bound in one.bounds { writer.word(bound.bitPattern) }
    writer.end(bounds)
  }
}
