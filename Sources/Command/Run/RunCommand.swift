import Base
import Formats
import Gateway
import PolicyKit
import Runtime

/// `gatehouse run`: the gateway, in the foreground, until it is told to stop.
struct RunCommand: Subcommand {
  static let name = "run"
  static let summary = "runs the gateway in the foreground"
  static let options = [Option.config]
  static let details = """
      SIGHUP or a changed file reloads the configuration; one with errors changes nothing.
      SIGTERM finishes what is under way and ends with 0; SIGUSR1 reopens the access log.
    """

  private let path: String

  init(_ arguments: Arguments) { path = arguments.configPath }

  func run(in surroundings: Surroundings) -> Int32 {
    Signals.block()
    ProcessLimits.forbidCoreDumps()
    ProcessLimits.ignoreBrokenPipes()
    _ = ProcessLimits.raiseDescriptors()
    let retained = RetainedState()
    let (configuration, diagnostics) = ConfigurationFile.load(
      path: path, in: surroundings, retained: retained)
    let findings = diagnostics.description
    if !findings.isEmpty { surroundings.complain(findings + "\n") }
    guard let configuration else { return 1 }
    do {
      let gateway = try RunningGateway(
        configuration, path: path, surroundings: surroundings, retained: retained)
      return gateway.serve()
    } catch {
      surroundings.complain("gatehouse: \(error)\n")
      return 1
    }
  }
}
