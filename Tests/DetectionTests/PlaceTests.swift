import Base
import Blueprint
import Foundation
import Testing

@testable import Detection

/// Files of places, and journeys that nobody makes.
@Suite struct PlaceTests {
  private func place(_ text: String, _ file: PlaceFile) -> Place? {
    IPAddress(text).flatMap { file.place($0) }
  }

  @Test(arguments: [24, 28, 32]) func `Places are found, whatever the size of records`(bits: Int)
    throws
  {
    let file = try PlaceFile(
      PlaceFileMaker(
        bits: bits,
        places: [
          (first: 0, "AA", 51.75, -1.25, 100), (first: 1, "BB", -33.9, 151.2, 20),
        ]
      ).bytes)
    let low = try #require(place("2.125.160.216", file))
    #expect(low.country == "AA" && low.latitude == 51.75 && low.longitude == -1.25)
    let high = try #require(place("200.1.2.3", file))
    #expect(high.country == "BB" && high.radius == 20)
    // An address of IPv6 that is none of IPv4's is not there.
    #expect(place("2001:db8::1", file) == nil)
  }

  @Test func `A file that is cut or changed is refused, or knows nothing`() throws {
    let whole = PlaceFileMaker(
      bits: 24,
      places: [
        (first: 0, "AA", 1, 1, 1), (first: 1, "BB", 2, 2, 1),
      ]
    ).bytes
    #expect(throws: PlaceFile.Fault.self) { try PlaceFile([]) }
    var random = SeededRandom(2)
    for step in 0..<4000 {
      var bytes = whole
      for _ in 0..<3 {
        bytes[random.below(bytes.count)] = UInt8(truncatingIfNeeded: random.next())
      }
      if step % 3 == 0 { bytes = Array(bytes.prefix(random.below(bytes.count))) }
      guard let file = try? PlaceFile(bytes) else { continue }
      for address in ["1.1.1.1", "255.1.1.1", "::", "ff::1"] {
        if let place = IPAddress(address).flatMap({ file.place($0) }) {
          #expect(abs(place.latitude) <= 90 && abs(place.longitude) <= 180)
        }
      }
    }
  }

  /// The vendor's own test files, good and bad, if `PLACE_FILES` names their folder.
  @Test func `Files of the vendor's are read, and its bad ones do no harm`() throws {
    guard let folder = ProcessInfo.processInfo.environment["PLACE_FILES"] else { return }
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
      let bytes = try Data(contentsOf: URL(filePath: folder).appending(path: name))
      let file: PlaceFile
      do { file = try PlaceFile(Array(bytes)) } catch {
        print("\(name): \(error.message)")
        continue
      }
      var found = 0
      for number in 0..<65_536 {
        if file.place(IPAddress(v4: UInt32(number) << 16 | 0xA0D8)) != nil { found += 1 }
      }
      print("\(name): \(found) of 65536 found")
      if name.contains("City-Test.mmdb") {
        let found = try #require(self.place("2.125.160.216", file))
        #expect(found.country == "GB" && found.latitude == 51.75 && found.longitude == -1.25)
      }
    }
  }

  @Test func `A credential that travels too fast is told, and one that takes its time is not`()
    throws
  {
    let file = try PlaceFile(
      PlaceFileMaker(
        bits: 28,
        places: [
          (first: 0, "AA", 51.75, -1.25, 100), (first: 1, "BB", -33.9, 151.2, 20),
        ]
      ).bytes)
    let bin = AlertBin()
    var settings = DetectionBlueprint()
    settings.learningMilliseconds = 0
    settings.detectors[.tokenReplay] = DetectorBlueprint(.tokenReplay)
    settings.detectors[.tokenReplay]?.isOn = false
    settings.detectors[.newEndpoint] = DetectorBlueprint(.newEndpoint)
    settings.detectors[.newEndpoint]?.isOn = false
    let engine = DetectionEngine(
      settings, seed: 1, files: DetectionFiles(places: file), machine: { .max },
      tell: { bin.add($0) })
    var blocks = ReplayBlocks()
    func use(_ credential: UInt64, _ address: String, minutes: Int) {
      var event = ReplayEvent(
        time: 1_770_091_200_000 + UInt64(minutes) * 60_000,
        address: IPAddress(address) ?? .unspecified, path: "/x", service: "shop", agent: "a")
      (event.consumer, event.credential) = ("c\(credential)", credential)
      _ = blocks.add(event)
    }
    use(1, "2.1.1.1", minutes: 0)
    use(2, "2.1.1.1", minutes: 0)
    use(3, "2.1.1.1", minutes: 0)
    use(1, "200.1.1.1", minutes: 90)
    // Another network nearby, at once.
    use(3, "3.1.1.1", minutes: 91)
    use(2, "200.1.1.1", minutes: 25 * 60)
    if let block = blocks.flush() { engine.receive(block) }
    let opened = bin.all.filter { $0.state == .open }
    #expect(opened.map(\.consumer) == ["c1"])
    #expect(opened.first?.detector == .impossibleTravel)
    let kilometres = opened.first?.figures.first { $0.name == "kilometres" }?.value ?? 0
    // From Oxford to Sydney.
    #expect((16_800...17_200).contains(kilometres), "\(kilometres)")
  }
}
