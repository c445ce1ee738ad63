/// A number of JSON, exact whatever its length, so that 1, 1.0 and 10e-1 are one and the same.
///
/// Its value is 0.d₁d₂d₃… times ten to the power of `scale`. The first 38 digits stand in one
/// word, further ones, which are rare, in an array.
public struct JSONNumber: Hashable, Sendable {
  /// Digits that stand in `digits`.
  static let digitsCount = 38
  /// Scales beyond this are taken for it: such numbers are only ever compared with small ones.
  private static let scaleMax = 1 << 40
  /// Scales up to which a number of few digits is written without an exponent.
  private static let plainMax = 21
  /// Exponents beyond this likewise: enough that the bound of scales alone decides.
  private static let exponentMax = 2 * scaleMax

  let isNegative: Bool
  let scale: Int
  /// The first 38 digits, zeros behind the last; nothing else than zero begins with a zero.
  let digits: UInt128
  /// Digits behind those, as numbers from 0 to 9; the last is no zero.
  let more: [UInt8]

  /// Zero.
  public static let zero = JSONNumber(0)

  /// A whole number.
  public init(_ number: Int) {
    var digits = UInt128(number.magnitude)
    var scale = digits == 0 ? 0 : JSONNumber.digitsCount
    if digits > 0 {
      while digits < JSONNumber.powers[JSONNumber.digitsCount - 1] {
        digits *= 10
        scale -= 1
      }
    }
    self.init(isNegative: number < 0, scale: scale, digits: digits, more: [])
  }

  /// The shortest decimal number that rounds to `number`; nil if it is not finite.
  public init?(_ number: Double) {
    guard number.isFinite else { return nil }
    self.init(text: "\(number)".utf8.span)
  }

  /// The number that `text` says, which has the form of a JSON number (RFC 8259 §6).
  public init(text: Span<UInt8>) {
    // The first nineteen digits fit into a word, which most numbers never leave.
    var low: UInt64 = 0
    var digits: UInt128 = 0
    var more: [UInt8] = []
    var count = 0
    var scale = 0
    var isFraction = false
    var exponent = 0
    var at = 0
    while at < text.count {
      let byte = text[at]
      at += 1
      if byte &- 0x30 < 10 {
        if count == 0, byte == 0x30 {
          if isFraction { scale -= 1 }
          continue
        }
        if count < JSONNumber.wordDigits {
          low = low &* 10 &+ UInt64(byte &- 0x30)
          if count == JSONNumber.wordDigits - 1 { digits = UInt128(low) }
        } else if count < JSONNumber.digitsCount {
          digits = digits * 10 + UInt128(byte &- 0x30)
        } else {
          more.append(byte &- 0x30)
        }
        count += 1
        if !isFraction { scale += 1 }
      } else if byte == UInt8(ascii: ".") {
        isFraction = true
      } else if byte | 0x20 == UInt8(ascii: "e") {
        exponent = JSONNumber.exponent(text, from: at)
        break
      }
    }
    if count < JSONNumber.wordDigits { digits = UInt128(low) }
    guard digits > 0 else {
      self.init(isNegative: false, scale: 0, digits: 0, more: [])
      return
    }
    if count < JSONNumber.digitsCount {
      digits *= JSONNumber.powers[JSONNumber.digitsCount - count]
    }
    while more.last == 0 { more.removeLast() }
    self.init(
      isNegative: text[0] == UInt8(ascii: "-"),
      scale: max(-JSONNumber.scaleMax, min(scale + exponent, JSONNumber.scaleMax)),
      digits: digits, more: more)
  }

  private init(isNegative: Bool, scale: Int, digits: UInt128, more: [UInt8]) {
    self.isNegative = isNegative
    self.scale = scale
    self.digits = digits
    self.more = more
  }

  /// Digits that fit into 64 bits.
  private static let wordDigits = 19
  /// The powers of ten, the last of which is the least number of 38 digits.
  private static let powers: [UInt128] = (0..<37).reduce(into: [1]) { powers, place in
    powers.append(powers[place] * 10)
  }

  private static func exponent(_ text: Span<UInt8>, from start: Int) -> Int {
    var exponent = 0
    for at in start..<text.count where text[at] &- 0x30 < 10 {
      exponent = min(exponent * 10 + Int(text[at] &- 0x30), exponentMax)
    }
    return start < text.count && text[start] == UInt8(ascii: "-") ? -exponent : exponent
  }

  // MARK: Reading it

  /// The significant digits, without zeros at the end: a number, and how many they are.
  var significant: (digits: UInt128, count: Int) {
    if digits == 0 { return (0, 0) }
    if !more.isEmpty { return (digits, JSONNumber.digitsCount + more.count) }
    var digits = digits
    var count = JSONNumber.digitsCount
    while digits % 10 == 0 {
      digits /= 10
      count -= 1
    }
    return (digits, count)
  }

  /// Whether it is a whole number, however it was written.
  public var isWhole: Bool { digits == 0 || scale >= significant.count }

  /// The same as an `Int`, if it is whole and fits.
  public var integer: Int? {
    if digits == 0 { return 0 }
    guard more.isEmpty, scale > 0, scale <= 19 else { return nil }
    let (value, count) = significant
    guard scale >= count else { return nil }
    var magnitude = value
    for _ in count..<scale { magnitude *= 10 }
    if isNegative {
      return magnitude <= UInt128(Int.max) + 1 ? Int(truncatingIfNeeded: 0 &- magnitude) : nil
    }
    return Int(exactly: magnitude)
  }

  /// The nearest `Double`; infinite if it is beyond all of them.
  public var double: Double { Double(description) ?? (isNegative ? -.infinity : .infinity) }
}

extension JSONNumber: Comparable {
  /// Whether `left` is less, exactly.
  public static func < (left: JSONNumber, right: JSONNumber) -> Bool {
    if left.isNegative != right.isNegative { return left.isNegative }
    if left.isNegative { return right.isCloserToZero(than: left) }
    return left.isCloserToZero(than: right)
  }

  private func isCloserToZero(than other: JSONNumber) -> Bool {
    if digits == 0 || other.digits == 0 { return digits == 0 && other.digits != 0 }
    if scale != other.scale { return scale < other.scale }
    if digits != other.digits { return digits < other.digits }
    return more.lexicographicallyPrecedes(other.more)
  }
}

extension JSONNumber: CustomStringConvertible {
  /// The number as JSON text, always the same for the same number; one of more than 38 digits is
  /// never longer than it can be written, so that whoever read it reads it again.
  public var description: String {
    if digits == 0 { return "0" }
    var all = Array(String(significant.digits).utf8)
    for digit in more { all.append(digit + 0x30) }
    let text = String(decoding: all, as: UTF8.self)
    let sign = isNegative ? "-" : ""
    let isLong = !more.isEmpty
    if scale > 0, scale <= (isLong ? all.count + 1 : JSONNumber.plainMax) {
      if all.count <= scale {
        return sign + text + String(repeating: "0", count: scale - all.count)
      }
      return sign + text.prefix(scale) + "." + text.dropFirst(scale)
    }
    if scale <= 0, scale > (isLong ? -3 : -6) {
      return sign + "0." + String(repeating: "0", count: -scale) + text
    }
    if isLong { return sign + text + "e\(scale - all.count)" }
    let fraction = all.count > 1 ? "." + text.dropFirst() : ""
    return sign + text.prefix(1) + fraction + "e\(scale - 1)"
  }
}
