/// What a worker is told from outside.
enum WorkerMessage: Sendable {
  /// A new plan is in force.
  case adopt(Plan)
  /// Finish what is under way and stop; a second time, stop at once.
  case drain
}
