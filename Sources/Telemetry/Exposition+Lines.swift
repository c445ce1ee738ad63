import Base

extension Exposition {
  mutating func head(_ name: String, _ help: String, _ type: String) {
    text.append(utf8: "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n")
  }

  mutating func line(_ name: String, _ value: UInt64) { text.append(utf8: "\(name) \(value)\n") }

  mutating func line(_ name: String, _ value: Double) { text.append(utf8: "\(name) \(value)\n") }

  mutating func gauge(_ name: String, _ help: String, _ value: UInt64) {
    head(name, help, "gauge")
    line(name, value)
  }

  /// A count without labels, of all loops together.
  mutating func sum(_ name: String, _ help: String, _ count: LoopMetrics.Count) {
    head(name, help, "counter")
    line(name, loops.reduce(0) { $0 &+ $1.value(count) })
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

  /// The process, the program and its certificates.
  mutating func process() {
    let usage = ProcessUsage.now()
    if let bytes = usage.residentBytes {
      gauge("gatehouse_process_resident_memory_bytes", "Memory that is in use.", bytes)
    }
    if let count = usage.openDescriptors {
      gauge("gatehouse_process_open_fds", "Open descriptors.", count)
    }
    if let count = usage.descriptorsMax {
      gauge("gatehouse_process_max_fds", "Most descriptors that may be open.", count)
    }
    if let seconds = usage.processorSeconds {
      head("gatehouse_process_cpu_seconds_total", "Processor time taken.", "counter")
      line("gatehouse_process_cpu_seconds_total", seconds)
    }
    if !version.isEmpty {
      gauge(
        "gatehouse_build_info", "The version of this program.", label: "version",
        [(name: version, value: 1)])
    }
    if !certificates.isEmpty {
      gauge(
        "gatehouse_certificate_expiry_timestamp_seconds",
        "When a certificate ends, in seconds since 1970.", label: "certificate",
        certificates.map { (name: $0.name, value: $0.notAfter) })
    }
  }

  private mutating func gauge(
    _ name: String, _ help: String, label: String, _ values: [(name: String, value: Int64)]
  ) {
    head(name, help, "gauge")
    for (value, number) in values {
      text.append(utf8: "\(name){\(label)=\"\(Exposition.escaped(value))\"} \(number)\n")
    }
  }
}
