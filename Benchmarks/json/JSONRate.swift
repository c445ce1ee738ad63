import Formats
import Glibc
import Schema

/// Says how fast JSON is scanned, and held against a schema, in bytes for each second of CPU: the
/// text in the file that is named first, and the schema in the second, if there is one.
@main struct JSONRate {
  private static let seconds = 0.5
  private static let rounds = 5

  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count >= 2 else {
      print("usage: json-rate TEXT [SCHEMA]")
      exit(2)
    }
    let text = try read(arguments[1])
    var limits = JSONLimits.document
    limits.depthMax = 128
    var tape = JSONTape(limits: limits)
    try tape.read(text.span)
    var scanner = JSONScanner(limits: limits)
    report("check", text.count, tape.count) { (try? scanner.check(text.span)) != nil }
    report("tape", text.count, tape.count) { (try? tape.read(text.span)) != nil }
    guard arguments.count > 2 else { return }
    let document = try JSONValue(parsing: read(arguments[2]), limits: .document)
    var settings = JSONSchema.Settings()
    settings.assertsFormats = true
    let schema = try JSONSchema(document, settings: settings)
    report("validate", text.count, tape.count) {
      (try? tape.read(text.span)) != nil && schema.accepts(tape, of: text.span)
    }
  }

  /// Measures until enough time has gone by, and says the best of several rounds.
  private static func report(_ name: String, _ bytes: Int, _ values: Int, _ body: () -> Bool) {
    guard body() else {
      print("\(name): not sound")
      exit(1)
    }
    var best = Double.infinity
    for _ in 0..<rounds {
      let start = now()
      var count = 0
      while now() - start < seconds {
        for _ in 0..<max(1, 100_000 / bytes) where body() { count += 1 }
      }
      best = min(best, (now() - start) / Double(count))
    }
    let rate = (Double(bytes) / best / 1e7).rounded() / 100
    let each = (best * 1e8).rounded() / 100
    print("\(name): \(rate) GB/s, \(each) µs for \(bytes) bytes with \(values) values")
  }

  private static func now() -> Double {
    var time = timespec()
    // Safety: the call writes to a structure of its own.
    _ = unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  private static func read(_ path: String) throws -> [UInt8] {
    // Safety: the stream is opened here, and closed before anybody else could have it.
    guard let file = unsafe fopen(path, "r") else {
      print("\(path) cannot be read")
      exit(1)
    }
    defer { unsafe fclose(file) }
    var bytes: [UInt8] = []
    while true {
      let byte = unsafe fgetc(file)
      if byte == EOF { return bytes }
      bytes.append(UInt8(truncatingIfNeeded: byte))
    }
  }
}
