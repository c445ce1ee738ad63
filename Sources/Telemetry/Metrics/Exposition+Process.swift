import Base

/// The program and its process.
extension Exposition {
  mutating func logs() {
    let dropped = "gatehouse_access_log_dropped_lines_total"
    head(dropped, "Lines the access log lost.", "counter")
    line(dropped, "", droppedLines)
    let messages = "gatehouse_error_log_messages_total"
    head(messages, "Messages of the error log, those held back included.", "counter")
    for (level, count) in ErrorLog.counts { line(messages, "level=\"\(level)\"", count) }
  }

  /// What policies had to get from others before they could decide.
  mutating func policies() {
    let name = "gatehouse_policy_needs_total"
    head(name, "Facts that a policy lacked and had to get, by what came of it.", "counter")
    for counts in needs {
      let policy = "policy=\"\(Exposition.escaped(counts.policy))\""
      line(name, policy, "result=\"met\"", counts.met)
      line(name, policy, "result=\"failed\"", counts.failed)
      line(name, policy, "result=\"timed-out\"", counts.timedOut)
    }
    let shared = "gatehouse_shared_counts_total"
    head(
      shared, "Requests counted together with other gateways, by whether that worked.", "counter")
    line(shared, "result=\"counted\"", counters.answered)
    line(shared, "result=\"unknown\"", counters.unanswered)
    let failures = "gatehouse_shared_counts_failures_total"
    head(failures, "Connections to the store of counts lost, and refusals of it.", "counter")
    line(failures, "", counters.failures)
    gauge(
      "gatehouse_shared_counts_connections", "Loops that have a connection to the store of counts.",
      counters.connected)
  }

  mutating func configuration() {
    gauge(
      "gatehouse_routes", "Routes of the running configuration.", UInt64(max(0, routeCount)))
    let name = "gatehouse_config_reloads_total"
    head(name, "Configurations read again, by what came of it.", "counter")
    line(name, "result=\"success\"", reloads.succeeded)
    line(name, "result=\"failure\"", reloads.failed)
    gauge(
      "gatehouse_config_last_reload_successful",
      "1 if the configuration that runs is the file's, 0 if that had an error.",
      reloads.isCurrent ? 1 : 0)
    gauge(
      "gatehouse_config_last_success_timestamp_seconds",
      "When the configuration that runs was taken.", reloads.lastSuccessUnixSeconds)
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
      let name = "gatehouse_process_cpu_seconds_total"
      head(name, "Processor time taken.", "counter")
      line(name, "", seconds)
    }
    if startUnixSeconds > 0 {
      gauge(
        "gatehouse_process_start_time_seconds", "When the process began, in seconds since 1970.",
        startUnixSeconds)
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
