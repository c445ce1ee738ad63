import Foundation
import HTTP
import Synchronization
import Telemetry
import Testing

@testable import Events

/// What an output does when the other side does not take its events, by an outlet that fails.
@Suite struct EventOutputTests {
  private let sample: Sample

  init() throws { sample = try Sample() }

  /// Notes what it gets, and fails as long as it is told to.
  private final class Gate: Sendable {
    struct State {
      var error: OutletError?
      var got: [UInt64] = []
      var tries = 0
    }

    let state = Mutex(State())
  }

  private final class GateOutlet: Outlet {
    let gate: Gate

    init(_ gate: Gate) { self.gate = gate }

    func send(_ batch: OutletBatch) throws(OutletError) {
      var got: [UInt64] = []
      batch.forEach { got.append($0.sequence) }
      let taken = got
      let error = gate.state.withLock { state -> OutletError? in
        state.tries += 1
        if state.error == nil { state.got += taken }
        return state.error
      }
      if let error { throw error }
    }
  }

  private func output(
    _ gate: Gate, selection: EventSelection = .all
  ) throws -> EventOutput {
    var settings = EventOutputSettings(name: "gate")
    settings.queueFolder = sample.folder
    settings.selection = selection
    return try EventOutput(settings) { GateOutlet(gate) }
  }

  private func wait(_ condition: () -> Bool) {
    let deadline = Date().addingTimeInterval(15)
    while !condition(), Date() < deadline { usleepFor(milliseconds: 5) }
  }

  private func usleepFor(milliseconds: UInt32) {
    RunLoop.current.run(until: Date().addingTimeInterval(Double(milliseconds) / 1000))
  }

  @Test func `Events are tried again until they are taken, each once and in order`() throws {
    let gate = Gate()
    gate.state.withLock { $0.error = OutletError("is away", retryMilliseconds: 10) }
    let output = try output(gate)
    for _ in 0..<20 { output.receive(sample.block(Array(repeating: Sample.One(), count: 50))) }
    wait { gate.state.withLock { $0.tries } > 3 }
    #expect(output.counts.sent == 0 && output.counts.failures > 0)
    gate.state.withLock { $0.error = nil }
    wait { output.counts.sent == 1000 }
    #expect(gate.state.withLock { $0.got } == Array(0..<1000))
    #expect(output.counts.lost == 0 && output.counts.waitingBytes == 0)
    output.finish()
  }

  @Test func `What is never taken is counted, and the next events go on`() throws {
    let gate = Gate()
    gate.state.withLock { $0.error = OutletError("refuses them", isFinal: true) }
    let output = try output(gate)
    output.receive(sample.block(Array(repeating: Sample.One(), count: 50)))
    wait { output.counts.rejected == 50 }
    gate.state.withLock { $0.error = nil }
    output.receive(sample.block([Sample.One()]))
    wait { output.counts.sent == 1 }
    #expect(gate.state.withLock { $0.got } == [50])
    output.finish()
  }

  @Test func `LOG-06: what waits at the end is sent by the next process`() throws {
    let gate = Gate()
    gate.state.withLock { $0.error = OutletError("is away") }
    let first = try output(gate)
    first.receive(sample.block(Array(repeating: Sample.One(), count: 70)))
    first.finish()
    gate.state.withLock { $0.error = nil }
    let second = try output(gate)
    second.receive(sample.block([Sample.One()]))
    wait { second.counts.sent == 71 }
    #expect(gate.state.withLock { $0.got } == Array(0..<71))
    second.finish()
  }

  @Test func `An output gets the events that it is for`() throws {
    let gate = Gate()
    let output = try output(gate, selection: .notable)
    var refused = Sample.One()
    (refused.status, refused.problem) = (429, .rateLimited)
    var failed = Sample.One()
    failed.status = 502
    output.receive(sample.block([Sample.One(), refused, Sample.One(), failed]))
    wait { output.counts.sent == 2 }
    #expect(gate.state.withLock { $0.got } == [1, 3])
    output.finish()
  }
}
