import Foundation

/// Waits for what another process does.
enum Waiting {
  /// Asks for a condition until it holds; throws after a time.
  static func until(
    _ what: @autoclosure () -> String, seconds: Double = 15, _ condition: () -> Bool
  ) throws {
    let deadline = Date().addingTimeInterval(seconds)
    while !condition() {
      if Date() > deadline { throw GatewayError.late(what()) }
      Thread.sleep(forTimeInterval: 0.02)
    }
  }
}
