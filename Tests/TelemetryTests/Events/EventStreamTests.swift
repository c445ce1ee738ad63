import Base
import Glibc
import HTTP
import Synchronization
import Testing

@testable import Telemetry

@Suite struct EventStreamTests {
  private func write(_ count: Int, to buffer: EventBuffer) {
    for number in 0..<count {
      var record = EventSample.record()
      record.status = 200 + number % 300
      buffer.append(record, EventTexts(), request: EventSample.request())
    }
  }

  @Test func `Every subscriber gets every event of a loop in order, without a gap`() {
    let stream = EventStream(node: "a")
    #expect(!stream.isActive)
    let (one, other) = (EventListener(), EventListener())
    #expect(stream.attach(one) && stream.attach(other) && stream.isActive)
    let buffer = EventBuffer(stream, worker: 0)
    write(1000, to: buffer)
    buffer.flush()
    stream.close()
    for listener in [one, other] {
      #expect(listener.all.sequences == Array(0..<1000))
      #expect(listener.all.statuses == (0..<1000).map { 200 + $0 % 300 })
      #expect(listener.all.hasFinished)
    }
  }

  @Test func `LOG-06: what a subscriber that is stuck does not get is counted, for it alone`() {
    let stream = EventStream(node: "a")
    let (stuck, free) = (EventListener(), EventListener())
    #expect(stream.attach(stuck) && stream.attach(free))
    let buffer = EventBuffer(stream, worker: 0)
    let total = 60_000
    stuck.gate.withLock { _ in
      // In parts that the free one gets through: it is the same machine.
      for part in 1...60 {
        write(total / 60, to: buffer)
        buffer.flush()
        while free.all.events < part * (total / 60) { sched_yield() }
      }
      let counts = stream.counts
      #expect(counts.map(\.lost)[1] == 0)
      #expect(counts.map(\.lost)[0] > 0)
    }
    while stream.counts[0].delivered + stream.counts[0].lost < total { sched_yield() }
    #expect(Int(stream.counts[0].delivered) == stuck.all.events)
    #expect(stuck.all.events + Int(stream.counts[0].lost) == total)
    // LOG-08: the gap shows in the numbers.
    let sequences = stuck.all.sequences
    #expect(sequences == sequences.sorted() && sequences.count < total)
    stream.close()
  }

  @Test func `One that is detached finishes and gets no more`() {
    let stream = EventStream(node: "a")
    let listener = EventListener()
    #expect(stream.attach(listener))
    let buffer = EventBuffer(stream, worker: 0)
    write(10, to: buffer)
    buffer.flush()
    stream.detach(listener)
    #expect(!stream.isActive)
    write(10, to: buffer)
    buffer.flush()
    while !listener.all.hasFinished { sched_yield() }
    #expect(listener.all.events == 10)
  }

  @Test func `A finding goes to the same subscribers`() {
    let stream = EventStream(node: "a")
    let listener = EventListener()
    #expect(stream.attach(listener))
    EventDesk(stream).publish(
      EventFinding(severity: 4, detector: "d", title: "many keys", evidence: "9 in 10 s"))
    while listener.all.events == 0 { sched_yield() }
    #expect(listener.all.titles == ["many keys"])
    stream.close()
  }
}
