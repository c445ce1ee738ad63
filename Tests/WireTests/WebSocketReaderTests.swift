import Base
import HTTP
import Testing

@testable import Wire

/// Which frames pass, and what is wrong with those that do not (RFC 6455 §5).
@Suite struct WebSocketReaderTests {
  private func frame(
    _ first: UInt8, _ count: Int, masked: Bool = true, size: UInt8? = nil
  ) -> [UInt8] {
    let mask: UInt8 = masked ? 0x80 : 0
    var bytes = [first]
    if let size {
      bytes.append(size | mask)
      for shift in stride(from: size == 126 ? 8 : 56, through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: count >> shift))
      }
    } else {
      bytes.append(UInt8(count) | mask)
    }
    return bytes + (masked ? [1, 2, 3, 4] : []) + [UInt8](repeating: 7, count: count)
  }

  private func read(
    _ frames: [UInt8], fromClient: Bool = true, _ limits: WebSocketLimits = WebSocketLimits()
  ) -> (passed: Int, code: UInt16?) {
    var reader = WebSocketReader(limits: limits, isFromClient: fromClient)
    let found = reader.read(frames.span, now: Instant(nanoseconds: 1))
    return (found.count, found.fault?.code)
  }

  @Test func `Messages, whole and in pieces, and control frames between them pass`() {
    let frames =
      frame(0x81, 5) + frame(0x02, 3) + frame(0x89, 4) + frame(0x00, 3) + frame(0x80, 1)
      + frame(0x82, 300, size: 126) + frame(0x88, 2)
    let (passed, code) = read(frames)
    #expect(passed == frames.count && code == nil)
    let reply = frame(0x81, 5, masked: false) + frame(0x8A, 0, masked: false)
    #expect(read(reply, fromClient: false) == (reply.count, nil))
  }

  @Test func `Frames in pieces of any size pass all the same, headers whole`() {
    let frames = frame(0x81, 5) + frame(0x82, 300, size: 126) + frame(0x89, 4)
    for step in [1, 2, 3, 7] {
      var reader = WebSocketReader(limits: WebSocketLimits(), isFromClient: true)
      var held: [UInt8] = []
      var passed: [UInt8] = []
      for at in stride(from: 0, to: frames.count, by: step) {
        held += frames[at..<min(at + step, frames.count)]
        let found = reader.read(held.span, now: Instant(nanoseconds: 1))
        #expect(found.fault == nil)
        passed += held.prefix(found.count)
        held.removeFirst(found.count)
        if held.isEmpty == false { #expect(held.count < 14) }
      }
      #expect(passed == frames && reader.isBetweenFrames)
    }
  }

  @Test func `What breaks the protocol passes no further than its own frame`() {
    let good = frame(0x81, 5)
    let faults: [(String, [UInt8])] = [
      ("reserved bits", frame(0xC1, 1)), ("unmasked", frame(0x81, 1, masked: false)),
      ("unknown", frame(0x83, 1)), ("long form of a short length", frame(0x81, 5, size: 126)),
      ("control frame in pieces", frame(0x09, 1)),
      ("control frame too large", frame(0x89, 200, size: 126)),
      ("continuation of nothing", frame(0x80, 1)), ("message in a message", frame(0x01, 1) + good),
      ("behind the close", frame(0x88, 0) + good),
    ]
    for (name, bytes) in faults {
      let (passed, code) = read(good + bytes)
      #expect(code == 1002 && passed < good.count + bytes.count, "\(name)")
    }
    #expect(read(good, fromClient: false).code == 1002)
  }

  // DOS-14.
  @Test func `Frames, messages, pieces and pings beyond the limits end it`() {
    var limits = WebSocketLimits()
    (limits.frameBytesMax, limits.messageBytesMax) = (1000, 1500)
    (limits.fragmentsMax, limits.controlFramesMax) = (3, 5)
    #expect(read(frame(0x82, 1001, size: 126), limits).code == 1009)
    #expect(read(frame(0x02, 900, size: 126) + frame(0x80, 900, size: 126), limits).code == 1009)
    let pieces = frame(0x02, 1) + frame(0x00, 1) + frame(0x00, 1) + frame(0x80, 1)
    #expect(read(pieces, limits).code == 1008)
    let pings = (0..<6).flatMap { _ in frame(0x89, 0) }
    #expect(read(pings, limits).code == 1008)
  }

  private func read(_ frames: [UInt8], _ limits: WebSocketLimits) -> (passed: Int, code: UInt16?) {
    read(frames, fromClient: true, limits)
  }
}
