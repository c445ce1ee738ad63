import Command
import FoundationEssentials
import PolicyKit
import Synchronization

/// What a run of the program printed.
struct Outcome {
  let status: Int32
  let output: String
  let errors: String
}

/// A folder of its own, and the program run with it; the folder goes when the session does.
final class Session: Sendable {
  let folder: String
  let environment: [String: String]

  private let policies: PolicyCatalogue

  init(
    environment: [String: String] = [:], policies: PolicyCatalogue = Session.catalogue
  ) throws {
    self.environment = environment
    self.policies = policies
    folder =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("gatehouse-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
  }

  func text(of name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: path(name))), as: UTF8.self)
  }

  func permissions(of name: String) throws -> Int? {
    let attributes = try FileManager.default.attributesOfItem(atPath: path(name))
    return attributes[.posixPermissions] as? Int
  }

  var surroundings: Surroundings {
    var surroundings = Surroundings(catalogue: policies)
    let environment = environment
    surroundings.environment = { environment[$0] }
    return surroundings
  }

  static let catalogue = PolicyCatalogue([
    KeyPolicy.self, AccessPolicy.self, LimitPolicy.self, SizePolicy.self,
  ])

  func run(_ words: [String], input: String? = nil) -> Outcome {
    var surroundings = surroundings
    let sink = Sink()
    surroundings.print = { sink.add(output: $0) }
    surroundings.complain = { sink.add(errors: $0) }
    surroundings.input = { count in
      input.flatMap { $0.utf8.count <= count ? Array($0.utf8) : nil }
    }
    let status = Gatehouse.run(words, in: surroundings)
    let (output, errors) = sink.texts
    return Outcome(status: status, output: output, errors: errors)
  }
}

/// Collects what is printed.
private final class Sink: Sendable {
  private let state = Mutex((output: "", errors: ""))

  func add(output: String = "", errors: String = "") {
    state.withLock { state in
      state.output += output
      state.errors += errors
    }
  }

  var texts: (String, String) { state.withLock { ($0.output, $0.errors) } }
}
