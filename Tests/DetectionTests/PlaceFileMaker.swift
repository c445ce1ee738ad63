/// Writes files of places: a tree of one node behind 96 zeros, with a place for each half of IPv4.
struct PlaceFileMaker {
  let bits: Int
  let places: [(first: Int, country: String, latitude: Double, longitude: Double, radius: Int)]

  var bytes: [UInt8] {
    let nodes = 97
    var data: [UInt8] = []
    var offsets: [Int] = []
    for place in places {
      offsets.append(data.count)
      data += map([
        ("country", map([("iso_code", text(place.country))])),
        (
          "location",
          map([
            ("accuracy_radius", [0xA2, UInt8(place.radius >> 8), UInt8(place.radius & 255)]),
            ("latitude", real(place.latitude)), ("longitude", real(place.longitude)),
          ])
        ),
      ])
    }
    var tree: [UInt8] = []
    for node in 0..<nodes {
      // A one among the first 96 bits leads nowhere.
      let isLast = node == nodes - 1
      tree += record(
        isLast ? nodes + 16 + offsets[0] : node + 1, isLast ? nodes + 16 + offsets[1] : nodes)
    }
    let metadata = map([
      ("node_count", [0xC1, UInt8(nodes)]), ("record_size", [0xA1, UInt8(bits)]),
      ("ip_version", [0xA1, 6]), ("binary_format_major_version", [0xA1, 2]),
    ])
    return tree + [UInt8](repeating: 0, count: 16) + data + [0xAB, 0xCD, 0xEF]
      + Array("MaxMind.com".utf8) + metadata
  }

  private func record(_ left: Int, _ right: Int) -> [UInt8] {
    func bytes(_ number: Int, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * (count - 1 - $0))) }
    }
    switch bits {
    case 24: return bytes(left, 3) + bytes(right, 3)
    case 28:
      return bytes(left & 0xFF_FFFF, 3) + [UInt8((left >> 24) << 4 | right >> 24)]
        + bytes(right & 0xFF_FFFF, 3)
    default: return bytes(left, 4) + bytes(right, 4)
    }
  }

  private func text(_ text: String) -> [UInt8] { [UInt8(0x40 + text.utf8.count)] + text.utf8 }

  private func real(_ number: Double) -> [UInt8] {
    [0x68] + (0..<8).map { UInt8(truncatingIfNeeded: number.bitPattern >> UInt64(56 - 8 * $0)) }
  }

  private func map(_ members: [(String, [UInt8])]) -> [UInt8] {
    members.reduce(into: [UInt8(0xE0 + members.count)]) { $0 += text($1.0) + $1.1 }
  }
}
