import Base
import Blueprint
import Formats
import Gateway
import PolicyKit
import Runtime

/// `gatehouse run`: the gateway, in the foreground, until it is told to stop.
struct RunCommand: Subcommand {
  static let name = "run"
  static let summary = "runs the gateway in the foreground"
  static let options = [
    Option.config, Option("--take-over", "takes over from the process at 'hand-over', if any"),
  ]
  static let details = """
      SIGHUP or a changed file reloads the configuration; one with errors changes nothing.
      SIGTERM finishes what is under way and ends with 0; SIGUSR1 reopens the access log.
      SIGUSR2 starts the program anew, which takes over; 'hand-over' says by which socket.
    """

  private let path: String

  private let takesOver: Bool

  init(_ arguments: Arguments) {
    path = arguments.configPath
    takesOver = arguments.has("--take-over")
  }

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
      let before = takesOver ? try takeOver(configuration) : nil
      let gateway = try RunningGateway(
        configuration, path: path, surroundings: surroundings, retained: retained,
        takingOver: before)
      return gateway.serve()
    } catch {
      surroundings.complain("gatehouse: \(error)\n")
      return 1
    }
  }

  private func takeOver(_ configuration: Configuration) throws -> TakeOver? {
    guard let text = configuration.blueprint.handOver else {
      throw TakeOver.Failure(
        description: "--take-over, and no 'hand-over' in the configuration says from where")
    }
    return try TakeOver.begin(at: Folder(of: path).path(text.string))
  }
}
