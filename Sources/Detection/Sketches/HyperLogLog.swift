/// How many different keys there were, however many, in a few kilobytes.
///
/// HyperLogLog (Flajolet, Fusy, Gandouet and Meunier, 2007) over hashes of 64 bits, which need no
/// correction of large counts (Heule, Nunkesser and Hall, "HyperLogLog in practice", 2013). Small
/// counts are counted linearly. The standard error is 1.04 divided by the root of the registers.
public struct HyperLogLog: Sendable {
  private var registers: [UInt8]
  private let precision: UInt64

  /// A count with 2 to the power of `precision` registers of a byte, 4 to 16.
  public init(precision: Int = 12) {
    self.precision = UInt64(min(max(precision, 4), 16))
    registers = [UInt8](repeating: 0, count: 1 << Int(self.precision))
  }

  /// Counts a key.
  public mutating func insert(_ key: UInt64) {
    let place = Int(key >> (64 - precision))
    let rest = key << precision | 1 << (precision - 1)
    let rank = UInt8(rest.leadingZeroBitCount + 1)
    if rank > registers[place] { registers[place] = rank }
  }

  /// Forgets all.
  public mutating func clear() {
    for place in registers.indices { registers[place] = 0 }
  }

  /// How many there were, about.
  public var estimate: Double {
    let count = Double(registers.count)
    var sum = 0.0
    var clear = 0
    for rank in registers {
      sum += Double(sign: .plus, exponent: -Int(rank), significand: 1)
      if rank == 0 { clear += 1 }
    }
    let raw = HyperLogLog.bias(registers.count) * count * count / sum
    if raw <= 2.5 * count, clear > 0 {
      return count * 0.693_147_180_559_945_3 * Exponent.log2(count / Double(clear))
    }
    return raw
  }

  private static func bias(_ count: Int) -> Double {
    switch count {
    case 16: 0.673
    case 32: 0.697
    case 64: 0.709
    default: 0.7213 / (1 + 1.079 / Double(count))
    }
  }
}
