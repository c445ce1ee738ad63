import Blueprint
import Testing

@testable import Command

struct DemoCommandTests {
  private func bind(_ words: [String]) throws -> String {
    try DemoCommand(Arguments(words, options: DemoCommand.options)).bind.description
  }

  @Test func `The demo listens on loopback alone`() throws {
    #expect(try bind([]) == "127.0.0.1:3000")
    #expect(try bind(["--bind", "[::1]:0"]) == "[::1]:0")
    #expect(throws: UsageError.self) { try bind(["--bind=0.0.0.0:3000"]) }
    #expect(throws: UsageError.self) { try bind(["--bind=localhost"]) }
  }
}
