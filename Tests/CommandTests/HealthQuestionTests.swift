import Blueprint
import Client
import Testing

@testable import Command

/// What a health check by gRPC says, and what a hostile upstream may answer.
@Suite struct HealthQuestionTests {
  private func flaw(
    _ body: [UInt8], status: Int = 200,
    trailers: [(name: String, value: String)] = [
      ("grpc-status", "0")
    ], fields: [(name: String, value: String)] = []
  ) -> String? {
    var health = HealthBlueprint(path: "/")
    health.kind = .grpc
    return HealthQuestion(health, speaksHTTP2: true).flaw(
      of: ClientResponse(
        status: status, fields: fields, body: body, elapsedNanoseconds: 1, trailers: trailers))
  }

  @Test func `Only a server that serves is well`() {
    #expect(flaw([0, 0, 0, 0, 2, 8, 1]) == nil)
    #expect(flaw([0, 0, 0, 0, 2, 8, 2]) == "it says that it is in state 2")
    #expect(flaw([0, 0, 0, 0, 0]) == "it says that it is in state 0")
    // Fields that nobody knows yet, of every form, are passed over.
    let unknown: [UInt8] = [16, 7, 26, 2, 1, 2, 33, 1, 2, 3, 4, 5, 6, 7, 8, 45, 1, 2, 3, 4, 8, 1]
    #expect(flaw([0, 0, 0, 0, 22] + unknown) == nil)
    #expect(flaw([0, 0, 0, 0, 2, 8, 1], status: 404) == "the answer has status 404")
    let alone = flaw([], trailers: [], fields: [("grpc-status", "12")])
    #expect(alone == "the answer has gRPC's status 12")
    #expect(flaw([0, 0, 0, 0, 2, 8, 1], trailers: []) == "the answer has gRPC's status missing")
  }

  @Test(
    arguments: [
      [], [0], [0, 0, 0, 0, 2], [0, 0, 0, 0, 1, 8, 1], [1, 0, 0, 0, 2, 8, 1],
      [0, 255, 255, 255, 255, 8, 1], [0, 0, 0, 0, 1, 8], [0, 0, 0, 0, 2, 8, 0x80],
      [0, 0, 0, 0, 2, 0x0A, 9], [0, 0, 0, 0, 2, 0x0B, 1], [0, 0, 0, 0, 2, 0x09, 1],
      [0, 0, 0, 0, 12, 8, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1],
      [0, 0, 0, 0, 11, 0x12, 255, 255, 255, 255, 255, 255, 255, 255, 127, 1],
    ] as [[UInt8]])
  func `Bytes that are no answer say nothing`(_ body: [UInt8]) {
    #expect(HealthQuestion.state(in: body) == nil)
  }

  @Test func `The question has the service's name`() {
    #expect(HealthQuestion.message(about: "") == [0, 0, 0, 0, 0])
    #expect(HealthQuestion.message(about: "ab") == [0, 0, 0, 0, 4, 10, 2, 97, 98])
  }
}
