import Blueprint
import Formats
import Gateway
import Runtime
import Telemetry

/// From which process this one takes over, and to which it hands over.
final class Succession {
  private let before: TakeOver?
  private let keeper: HandOverKeeper?
  private let path: String
  private let program: String?
  private var next: ChildProcess?
  private(set) var isTakingOver: Bool

  /// By what a configuration says, the one in the file at `path`.
  init(_ blueprint: Blueprint, path: String, before: TakeOver?) throws(SystemError) {
    self.path = path
    self.before = before
    isTakingOver = before != nil
    // Asked for now: a newer program may stand there when it is started.
    program = ProcessFacts.executablePath
    if let text = blueprint.handOver {
      keeper = try HandOverKeeper(at: Folder(of: path).path(text.string))
    } else {
      keeper = nil
    }
  }

  deinit { close() }

  /// The sockets of the process before.
  var inherited: InheritedListeners? { before?.inherited }

  /// Whether another process has taken over.
  var hasLeft: Bool { keeper?.hasLeft == true }

  /// This process serves: the one before leaves.
  func finish() {
    isTakingOver = false
    if before?.finish() == true { return ErrorLog.notice("took over from the process before") }
    ErrorLog.warning("the process before did not say that it leaves")
  }

  /// Can be taken over from now on.
  func offer(_ server: GatewayServer, leaving: @escaping @Sendable () -> Void) {
    do throws(SystemError) {
      try keeper?.start(server) {
        leaving()
        ErrorLog.notice("another process has taken over; this one ends with what is under way")
      }
    } catch {
      ErrorLog.error("no process can take over from this one: \(error)")
    }
  }

  /// Starts the program anew, so that it takes over.
  func startNext() {
    guard keeper != nil, let program else {
      return ErrorLog.error("SIGUSR2: no 'hand-over' in the configuration says how")
    }
    if next != nil || hasLeft { return ErrorLog.warning("SIGUSR2: a process follows already") }
    do throws(SystemError) {
      next = try ChildProcess(program, [program, "run", "--config", path, "--take-over"])
    } catch {
      ErrorLog.error("SIGUSR2: \(error); this process goes on")
    }
  }

  /// Sees whether the process that was to follow has failed.
  func look() {
    guard let status = next?.status else { return }
    next = nil
    ErrorLog.error("the process that was to follow ended with \(status); this one goes on")
  }

  /// The process ends.
  func close() { keeper?.close() }
}
