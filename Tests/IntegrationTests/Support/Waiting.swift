import Foundation

/// Waits for what another process does.
enum Waiting {
  /// Asks for a condition until it holds; throws after 15 seconds.
  static func until(_ what: @autoclosure () -> String, _ condition: () -> Bool) throws {
    let deadline = Date().addingTimeInterval(15)
    while !condition() {
      if Date() > deadline { throw GatewayError.late(what()) }
      Thread.sleep(forTimeInterval: 0.02)
    }
  }
}
