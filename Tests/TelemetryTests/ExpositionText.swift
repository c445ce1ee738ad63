import Testing

/// Reads Prometheus' text format 0.0.4, strictly, by its own rules.
struct ExpositionText {
  struct Sample {
    var name: String
    var labels: [String: String]
    var value: Double
  }

  enum Flaw: Error { case line(String) }

  private(set) var samples: [Sample] = []
  private(set) var types: [String: String] = [:]

  init(_ bytes: [UInt8]) throws {
    let text = try #require(String(validating: bytes, as: UTF8.self))
    guard text.hasSuffix("\n") else { throw Flaw.line("no line feed at the end") }
    var family = ""
    var series: Set<String> = []
    for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
      let words = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
      if line.hasPrefix("# HELP ") {
        guard words.count == 4, types[String(words[2])] == nil else {
          throw Flaw.line(String(line))
        }
      } else if line.hasPrefix("# TYPE ") {
        family = String(words[2])
        guard words.count == 4, types[family] == nil,
          ["counter", "gauge", "histogram", "summary"].contains(words[3])
        else { throw Flaw.line(String(line)) }
        types[family] = String(words[3])
      } else {
        let sample = try ExpositionText.sample(line)
        let stems =
          switch types[family] {
          case "histogram": ["_bucket", "_sum", "_count"]
          case "summary": ["_sum", "_count"]
          default: [""]
          }
        guard stems.contains(where: { sample.name == family + $0 }),
          series.insert("\(sample.name) \(sample.labels.sorted { $0.key < $1.key })").inserted
        else { throw Flaw.line(String(line)) }
        samples.append(sample)
      }
    }
  }

  func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
    samples.first { $0.name == name && $0.labels == labels }?.value
  }

  private static func sample(_ line: Substring) throws -> Sample {
    var rest = line
    func fail() -> Flaw { .line(String(line)) }
    func take(_ isPart: (Character) -> Bool) -> String {
      let part = rest.prefix(while: isPart)
      rest = rest.dropFirst(part.count)
      return String(part)
    }
    let name = take { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ":") }
    guard !name.isEmpty, name.first?.isNumber == false else { throw fail() }
    var labels: [String: String] = [:]
    if rest.first == "{" {
      repeat {
        rest = rest.dropFirst()
        let label = take { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        guard !label.isEmpty, rest.hasPrefix("=\""), labels[label] == nil else { throw fail() }
        rest = rest.dropFirst(2)
        var value = ""
        while let next = rest.popFirst(), next != "\"" {
          if next != "\\" {
            value.append(next)
          } else if let escaped = rest.popFirst(), "\\\"n".contains(escaped) {
            value.append(escaped == "n" ? "\n" : escaped)
          } else {
            throw fail()
          }
        }
        labels[label] = value
      } while rest.first == ","
      guard rest.popFirst() == "}" else { throw fail() }
    }
    guard rest.popFirst() == " ", let value = Double(rest) else { throw fail() }
    return Sample(name: name, labels: labels, value: value)
  }
}
