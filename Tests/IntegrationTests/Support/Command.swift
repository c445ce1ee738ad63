import Foundation

/// Another program, run to its end.
enum Command {
  /// Runs `program` in `folder`; the output is that of both its streams.
  static func run(
    _ program: URL, _ arguments: [String], in folder: URL, environment: [String: String] = [:],
    input: String? = nil
  ) throws -> (status: Int32, output: String) {
    let file = folder.appending(path: "output-\(UUID())")
    try Data().write(to: file)
    let handle = try FileHandle(forWritingTo: file)
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    if let input {
      let source = folder.appending(path: "input-\(UUID())")
      try Data(input.utf8).write(to: source)
      process.standardInput = try FileHandle(forReadingFrom: source)
    }
    process.standardOutput = handle
    process.standardError = handle
    try process.run()
    try Waiting.until("the end of \(program.lastPathComponent)") { !process.isRunning }
    return (process.terminationStatus, try String(contentsOf: file, encoding: .utf8))
  }
}
