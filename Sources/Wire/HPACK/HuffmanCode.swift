/// The code for strings in header blocks (RFC 7541 §5.2 and appendix B).
///
/// Codes of one length follow each other in the order of `symbols`, and each length begins where
/// the one before it ends: the lengths and that order are all there is to know.
struct HuffmanCode: Sendable {
  static let standard = HuffmanCode()

  /// For eight bits the symbol that they begin with, and in the upper byte its length; 0 for codes
  /// that are longer.
  private let short: [UInt16]
  /// By length: the first code, aligned to the left of 32 bits, behind all of that length.
  private let limits: [UInt32]
  /// By length: the place in `symbols` less the first code.
  private let places: [Int]

  /// How many symbols have codes of each length, from 0 bits to 30.
  private static let counts = [
    0, 0, 0, 0, 0, 10, 26, 32, 6, 0, 5, 3, 2, 6, 2, 3, 0, 0, 0, 3, 8, 13, 26, 29, 12, 4, 15, 19, 29,
    0, 3,
  ]

  /// All bytes, those with short codes first.
  private static let symbols: [UInt8] = [
    48, 49, 50, 97, 99, 101, 105, 111, 115, 116, 32, 37, 45, 46, 47, 51, 52, 53, 54, 55, 56, 57, 61,
    65, 95, 98, 100, 102, 103, 104, 108, 109, 110, 112, 114, 117, 58, 66, 67, 68, 69, 70, 71, 72,
    73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 89, 106, 107, 113, 118, 119, 120,
    121, 122, 38, 42, 44, 59, 88, 90, 33, 34, 40, 41, 63, 39, 43, 124, 35, 62, 0, 36, 64, 91, 93,
    126, 94, 125, 60, 96, 123, 92, 195, 208, 128, 130, 131, 162, 184, 194, 224, 226, 153, 161, 167,
    172, 176, 177, 179, 209, 216, 217, 227, 229, 230, 129, 132, 133, 134, 136, 146, 154, 156, 160,
    163, 164, 169, 170, 173, 178, 181, 185, 186, 187, 189, 190, 196, 198, 228, 232, 233, 1, 135,
    137, 138, 139, 140, 141, 143, 147, 149, 150, 151, 152, 155, 157, 158, 165, 166, 168, 174, 175,
    180, 182, 183, 188, 191, 197, 231, 239, 9, 142, 144, 145, 148, 159, 171, 206, 215, 225, 236,
    237, 199, 207, 234, 235, 192, 193, 200, 201, 202, 205, 210, 213, 218, 219, 238, 240, 242, 243,
    255, 203, 204, 211, 212, 214, 221, 222, 223, 241, 244, 245, 246, 247, 248, 250, 251, 252, 253,
    254, 2, 3, 4, 5, 6, 7, 8, 11, 12, 14, 15, 16, 17, 18, 19, 20, 21, 23, 24, 25, 26, 27, 28, 29,
    30, 31, 127, 220, 249, 10, 13, 22,
  ]

  private init() {
    var short = [UInt16](repeating: 0, count: 256)
    var limits: [UInt32] = []
    var places: [Int] = []
    var (code, place) = (0, 0)
    for (length, count) in HuffmanCode.counts.enumerated() {
      places.append(place - code)
      if length > 0, length <= 8 {
        for index in 0..<count {
          let first = (code + index) << (8 - length)
          let entry = UInt16(length) << 8 | UInt16(HuffmanCode.symbols[place + index])
          for filled in 0..<(1 << (8 - length)) { short[first + filled] = entry }
        }
      }
      place += count
      code += count
      limits.append(UInt32(truncatingIfNeeded: code << (32 - length)))
      code <<= 1
    }
    (self.short, self.limits, self.places) = (short, limits, places)
  }

  /// Reads `text` and appends what it stands for; false if it ends in anything but less than eight
  /// bits of the end's own code, or holds that code.
  func decode(_ text: Span<UInt8>, into output: inout [UInt8]) -> Bool {
    let start = output.count
    // The shortest code has five bits.
    output.append(contentsOf: repeatElement(0, count: text.count * 8 / 5 + 1))
    var bytes = output.mutableSpan
    var at = start
    var bits: UInt64 = 0
    var held = 0
    var next = 0
    while true {
      while held <= 32, next < text.count {
        bits |= UInt64(text[next]) << UInt64(56 - held)
        held += 8
        next += 1
      }
      let entry = short[Int(bits >> 56)]
      var length = Int(entry >> 8)
      var symbol = UInt8(truncatingIfNeeded: entry)
      if length == 0 {
        guard let long = long(UInt32(truncatingIfNeeded: bits >> 32)) else { break }
        (symbol, length) = long
      }
      if length > held { break }
      bytes[at] = symbol
      at += 1
      bits <<= UInt64(length)
      held -= length
      if held == 0, next == text.count { break }
    }
    output.removeLast(output.count - at)
    // What is left is padding: the first bits of a code of ones alone.
    return next == text.count && held < 8 && bits >> UInt64(64 - held) == (1 << UInt64(held)) - 1
  }

  /// The symbol that 32 bits begin with, whose code has more than eight; nil for the end's own.
  private func long(_ window: UInt32) -> (UInt8, Int)? {
    var length = 10
    while length < limits.count {
      if window < limits[length] {
        return (HuffmanCode.symbols[places[length] + Int(window >> UInt32(32 - length))], length)
      }
      length += 1
    }
    return nil
  }
}
