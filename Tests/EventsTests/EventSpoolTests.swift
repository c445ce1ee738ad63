import Foundation
import Telemetry
import Testing

@testable import Events

@Suite struct EventSpoolTests {
  private let sample: Sample

  init() throws { sample = try Sample() }

  /// Blocks of about 32 KiB.
  private func blocks(_ count: Int) -> [EventBlock] {
    (0..<count).map { _ in sample.block(Array(repeating: Sample.One(), count: 100)) }
  }

  private func sequences(_ blocks: [EventBlock]) -> [UInt64] { Seen.all(blocks).map(\.sequence) }

  /// All that waits, taken batch by batch.
  private func drained(_ spool: inout EventSpool) -> [UInt64] {
    var all: [UInt64] = []
    while !spool.isEmpty {
      let front = spool.front(7)
      if front.isEmpty { break }
      all += sequences(front)
      spool.drop(front.count)
    }
    return all
  }

  @Test func `What goes in comes out in its order, out of memory and out of files`() throws {
    var spool = try EventSpool(folder: sample.folder, bytesMax: 1 << 30)
    for block in blocks(400) { spool.put(block) }
    let names = try FileManager.default.contentsOfDirectory(atPath: sample.folder)
    #expect(names.count >= 2)
    #expect(drained(&spool) == Array(0..<40_000))
    #expect(spool.lost == 0 && spool.bytes == 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: sample.folder).isEmpty)
  }

  @Test func `What is saved is there for the next process, before what came later`() throws {
    var spool = try EventSpool(folder: sample.folder, bytesMax: 1 << 30)
    for block in blocks(300) { spool.put(block) }
    _ = spool.front(3)
    spool.drop(3)
    spool.save()
    var next = try EventSpool(folder: sample.folder, bytesMax: 1 << 30)
    for block in blocks(10) { next.put(block) }
    next.save()
    var last = try EventSpool(folder: sample.folder, bytesMax: 1 << 30)
    #expect(drained(&last) == Array(300..<31_000))
  }

  @Test func `What is beyond the bound is lost and counted`() throws {
    var spool = try EventSpool(folder: sample.folder, bytesMax: 1 << 20)
    for block in blocks(300) { spool.put(block) }
    #expect(spool.bytes <= EventSpool.memoryBytesMax + 1 << 20)
    let kept = drained(&spool)
    #expect(kept.count + Int(spool.lost) == 30_000 && spool.lost > 0)
    #expect(kept == kept.sorted())
  }

  @Test func `Without a disk only memory is used`() throws {
    var spool = try EventSpool(folder: nil, bytesMax: 0)
    for block in blocks(300) { spool.put(block) }
    let kept = drained(&spool)
    #expect(kept.count + Int(spool.lost) == 30_000 && spool.lost > 0)
  }

  @Test func `A file that was cut in its middle gives what is whole`() throws {
    var spool = try EventSpool(folder: sample.folder, bytesMax: 1 << 30)
    for block in blocks(2) { spool.put(block) }
    spool.save()
    let name = try #require(
      FileManager.default.contentsOfDirectory(atPath: sample.folder).first)
    let file = URL(filePath: "\(sample.folder)/\(name)")
    try Data(contentsOf: file).dropLast(5).write(to: file)
    var next = try EventSpool(folder: sample.folder, bytesMax: 1 << 30)
    #expect(drained(&next) == Array(0..<199))
  }
}
