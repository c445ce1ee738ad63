/// Powers and logarithms to the base of two, without the C library: to about nine digits.
enum Exponent {
  /// The binary logarithm of a number greater than zero.
  static func log2(_ number: Double) -> Double {
    guard number > 0 else { return -1074 }
    var (mantissa, exponent) = (number.significand, Double(number.exponent))
    if mantissa > 1.414_213_562 {
      mantissa /= 2
      exponent += 1
    }
    // The series of the inverse hyperbolic tangent, which is short near 1.
    let ratio = (mantissa - 1) / (mantissa + 1)
    let square = ratio * ratio
    let series =
      1 + square * (1.0 / 3 + square * (1.0 / 5 + square * (1.0 / 7 + square * (1.0 / 9))))
    return exponent + 2 * ratio * series * 1.442_695_040_888_963_4
  }

  /// Two to the power of a number.
  static func exp2(_ power: Double) -> Double {
    if power < -1000 { return 0 }
    let whole = power.rounded(.down)
    // The series of e to the x, for x from 0 to ln 2.
    let rest = (power - whole) * 0.693_147_180_559_945_3
    var term = 1.0
    var sum = 1.0
    for place in 1...12 {
      term *= rest / Double(place)
      sum += term
    }
    return Double(sign: .plus, exponent: Int(min(whole, 1000)), significand: 1) * sum
  }
}
