/// Reads typed values of MaxMind's format; nil wherever something does not fit.
///
/// Pointers lead into the same section and never to a pointer. Depth and number of values are
/// bounded, so that a file cannot make it read for long.
struct PlaceValueReader {
  private static let depthMax = 16
  private static let valuesMax = 4096

  let bytes: [UInt8]
  /// Where pointers count from, and where the values end.
  let section: Int
  let end: Int
  private var depth = 0
  private var values = 0

  init(bytes: [UInt8], section: Int, end: Int) {
    self.bytes = bytes
    self.section = section
    self.end = end
  }

  /// The value at a place.
  mutating func read(at start: Int) -> PlaceValue? {
    var at = start
    return value(&at)
  }

  private mutating func value(_ at: inout Int) -> PlaceValue? {
    values += 1
    guard values <= Self.valuesMax, depth < Self.depthMax, let control = take(&at, 1) else {
      return nil
    }
    var type = Int(control >> 5)
    if type == 1 { return pointer(Int(control), &at) }
    if type == 0 {
      guard let more = take(&at, 1) else { return nil }
      type = Int(more) + 7
    }
    guard let size = size(Int(control & 31), &at) else { return nil }
    depth += 1
    defer { depth -= 1 }
    return value(type, size, &at)
  }

  private mutating func value(_ type: Int, _ size: Int, _ at: inout Int) -> PlaceValue? {
    switch type {
    case 2:
      guard size <= end - at else { return nil }
      defer { at += size }
      return .text(String(decoding: bytes[at..<at + size], as: UTF8.self))
    case 3:
      guard size == 8, let bits = take(&at, 8) else { return nil }
      return .real(Double(bitPattern: bits))
    case 15:
      guard size == 4, let bits = take(&at, 4) else { return nil }
      return .real(Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))))
    case 5, 6, 9:
      guard size <= 8, let number = take(&at, size) else { return nil }
      return .number(number)
    case 7: return map(size, &at)
    case 11:
      for _ in 0..<min(size, Self.valuesMax) where value(&at) == nil { return nil }
      return .other
    case 14: return .other
    case 4, 8, 10:
      guard size <= end - at else { return nil }
      at += size
      return .other
    default: return nil
    }
  }

  private mutating func map(_ size: Int, _ at: inout Int) -> PlaceValue? {
    var map: [String: PlaceValue] = [:]
    for _ in 0..<size {
      guard case .text(let key)? = value(&at), let element = value(&at) else { return nil }
      map[key] = element
    }
    return .map(map)
  }

  private mutating func pointer(_ control: Int, _ at: inout Int) -> PlaceValue? {
    let count = control >> 3 & 3
    guard let rest = take(&at, count + 1) else { return nil }
    let high = count == 3 ? 0 : Int(control & 7) << (8 * (count + 1))
    let base = [0, 2048, 526_336, 0][count]
    var target = section + high + Int(rest) + base
    guard target < end, bytes[target] >> 5 != 1 else { return nil }
    depth += 1
    defer { depth -= 1 }
    return value(&target)
  }

  private func size(_ low: Int, _ at: inout Int) -> Int? {
    switch low {
    case 29: return take(&at, 1).map { 29 + Int($0) }
    case 30: return take(&at, 2).map { 285 + Int($0) }
    case 31: return take(&at, 3).map { 65_821 + Int($0) }
    default: return low
    }
  }

  /// The next bytes as a number, the first the highest.
  private func take(_ at: inout Int, _ count: Int) -> UInt64? {
    guard count >= 0, at >= 0, count <= end - at else { return nil }
    var number: UInt64 = 0
    for place in at..<at + count { number = number << 8 | UInt64(bytes[place]) }
    at += count
    return number
  }
}
