extension JSONNumber {
  /// Whether this is a whole number of times `divisor`, exactly; false if that is zero.
  ///
  /// A divisor of more than 37 digits, which no schema has, is compared by rounding.
  public func isMultiple(of divisor: JSONNumber) -> Bool {
    if digits == 0 { return divisor.digits != 0 }
    guard divisor.digits != 0 else { return false }
    let (modulus, count) = divisor.significant
    guard divisor.more.isEmpty, count < JSONNumber.digitsCount else {
      let quotient = double / divisor.double
      return quotient.isFinite && quotient == quotient.rounded()
    }
    let own = significant
    // Both are whole numbers times powers of ten; the last digit of ours is no zero, so that it is
    // no multiple of what has more zeros.
    let zeros = (scale - own.count) - (divisor.scale - count)
    guard zeros >= 0 else { return false }
    var rest = own.digits % modulus
    for digit in more { rest = (rest * 10 + UInt128(digit)) % modulus }
    return JSONNumber.product(rest, JSONNumber.powerOfTen(zeros, modulus), modulus) == 0
  }

  /// Ten to a power, modulo a number below 2¹²⁴.
  private static func powerOfTen(_ power: Int, _ modulus: UInt128) -> UInt128 {
    var result: UInt128 = 1 % modulus
    var square: UInt128 = 10 % modulus
    var left = power
    while left > 0 {
      if left & 1 == 1 { result = product(result, square, modulus) }
      square = product(square, square, modulus)
      left >>= 1
    }
    return result
  }

  /// The product of two numbers, modulo one below 2¹²⁴, by doubling and adding.
  private static func product(_ left: UInt128, _ right: UInt128, _ modulus: UInt128) -> UInt128 {
    if left <= UInt128(UInt64.max), right <= UInt128(UInt64.max) {
      return left * right % modulus
    }
    var (result, term, left): (UInt128, UInt128, UInt128) = (0, right, left)
    while left > 0 {
      if left & 1 == 1 { result = (result + term) % modulus }
      term = (term + term) % modulus
      left >>= 1
    }
    return result
  }
}
