/// A set of small numbers; without an allocation if all are below 64.
struct NumberSet {
  private var low: UInt64 = 0
  private var high: [UInt64] = []

  init(count: Int) {
    if count > 64 { high = [UInt64](repeating: 0, count: (count - 1) / 64) }
  }

  mutating func insert(_ number: Int) {
    let bit = UInt64(1) << UInt64(number & 63)
    if number < 64 { low |= bit } else { high[number / 64 - 1] |= bit }
  }

  func contains(_ number: Int) -> Bool {
    let word = number < 64 ? low : high[number / 64 - 1]
    return word >> UInt64(number & 63) & 1 == 1
  }
}
