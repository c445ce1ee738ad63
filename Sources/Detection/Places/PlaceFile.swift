public import Base

/// Places of networks: a file in MaxMind's format (MaxMind DB 2.0), read whole and held to its
/// bounds at every step, since it comes from somebody else.
///
/// The file is a binary tree over the bits of addresses, whose leaves point into a section of typed
/// values, with a section at the end that says how large they are.
public struct PlaceFile: Sendable {
  /// Why a file is none.
  public struct Fault: Error, Equatable {
    /// In words.
    public let message: String

    init(_ message: String) { self.message = message }
  }

  /// The longest file that is read.
  public static let bytesMax = 512 * 1024 * 1024

  private let bytes: [UInt8]
  private let nodes: Int
  private let recordBits: Int
  private let isV6: Bool
  private let dataStart: Int

  /// Reads a file.
  public init(_ bytes: [UInt8]) throws(Fault) {
    guard let start = PlaceFile.metadata(bytes) else {
      throw Fault("is no database of MaxMind's format")
    }
    var reader = PlaceValueReader(bytes: bytes, section: start, end: bytes.count)
    guard case .map(let metadata)? = reader.read(at: start) else {
      throw Fault("has no metadata")
    }
    guard let nodes = metadata["node_count"]?.number, nodes > 0, nodes < 1 << 32,
      let bits = metadata["record_size"]?.number, [24, 28, 32].contains(bits),
      let version = metadata["ip_version"]?.number, [4, 6].contains(version),
      metadata["binary_format_major_version"]?.number == 2
    else { throw Fault("is of a form that is not known") }
    let treeBytes = Int(nodes) * Int(bits) / 4
    guard treeBytes + 16 <= start else { throw Fault("is cut") }
    self.bytes = bytes
    self.nodes = Int(nodes)
    recordBits = Int(bits)
    isV6 = version == 6
    dataStart = treeBytes + 16
  }

  /// Where an address is; nil if the file does not know.
  public func place(_ address: IPAddress) -> Place? {
    if !isV6, !address.isV4 { return nil }
    var node = 0
    // In a file for IPv6, the addresses of IPv4 stand below 96 zeros.
    let bits = isV6 ? 128 : 32
    for place in 0..<bits {
      guard let next = record(node, PlaceFile.bit(address, place, isV6: isV6)) else { return nil }
      if next == nodes { return nil }
      if next > nodes { return value(next - nodes - 16) }
      node = next
    }
    return nil
  }

  private static func bit(_ address: IPAddress, _ place: Int, isV6: Bool) -> Int {
    if address.isV4 {
      let at = isV6 ? place - 96 : place
      return at < 0 ? 0 : Int((address.low & 0xFFFF_FFFF) >> UInt64(31 - at) & 1)
    }
    let word = place < 64 ? address.high : address.low
    return Int(word >> UInt64(63 - place % 64) & 1)
  }

  private func record(_ node: Int, _ side: Int) -> Int? {
    guard node >= 0, node < nodes else { return nil }
    let start = node * recordBits / 4
    func byte(_ place: Int) -> Int { Int(bytes[start + place]) }
    switch (recordBits, side) {
    case (24, _):
      let at = side * 3
      return byte(at) << 16 | byte(at + 1) << 8 | byte(at + 2)
    case (28, 0): return (byte(3) & 0xF0) << 20 | byte(0) << 16 | byte(1) << 8 | byte(2)
    case (28, _): return (byte(3) & 0x0F) << 24 | byte(4) << 16 | byte(5) << 8 | byte(6)
    default:
      let at = side * 4
      return byte(at) << 24 | byte(at + 1) << 16 | byte(at + 2) << 8 | byte(at + 3)
    }
  }

  private func value(_ offset: Int) -> Place? {
    var reader = PlaceValueReader(bytes: bytes, section: dataStart, end: bytes.count)
    guard offset >= 0, case .map(let found)? = reader.read(at: dataStart + offset) else {
      return nil
    }
    var place = Place()
    if case .map(let country)? = found["country"] {
      place.country = country["iso_code"]?.text ?? ""
    }
    guard case .map(let location)? = found["location"],
      let latitude = location["latitude"]?.real, abs(latitude) <= 90,
      let longitude = location["longitude"]?.real, abs(longitude) <= 180
    else { return nil }
    (place.latitude, place.longitude) = (latitude, longitude)
    place.radius = Double(min(location["accuracy_radius"]?.number ?? 0, 20_000))
    return place
  }

  /// The place behind the mark that begins the metadata: the last one in the file.
  private static func metadata(_ bytes: [UInt8]) -> Int? {
    let mark: [UInt8] = [0xAB, 0xCD, 0xEF] + Array("MaxMind.com".utf8)
    guard bytes.count >= mark.count else { return nil }
    let first = max(0, bytes.count - 128 * 1024)
    var start = bytes.count - mark.count
    while start >= first {
      if bytes[start] == mark[0], bytes[start..<start + mark.count].elementsEqual(mark) {
        return start + mark.count
      }
      start -= 1
    }
    return nil
  }
}
