import Base

/// Numbers of payment cards (ISO/IEC 7812-1).
enum CardNumber {
  /// Reads the digits from `at` on, single spaces and hyphens between them, and says where they end
  /// and whether they are a card's number: as long as one, of a known network, with the right check
  /// digit.
  static func run(_ text: Span<UInt8>, _ at: Int) -> (end: Int, isCard: Bool) {
    var digits: [UInt8] = []
    var end = at
    var place = at
    while place < text.count {
      if ASCII.isDigit(text[place]) {
        digits.append(text[place] - 0x30)
        place += 1
        end = place
      } else if text[place] == 0x20 || text[place] == 0x2D, place + 1 < text.count,
        ASCII.isDigit(text[place + 1])
      {
        place += 1
      } else {
        break
      }
      if digits.count > 19 { break }
    }
    let isFree = at == 0 || !(ASCII.isAlpha(text[at - 1]) || text[at - 1] == UInt8(ascii: "."))
    return (end, isFree && (13...19).contains(digits.count) && isOfNetwork(digits) && sums(digits))
  }

  /// Visa, Mastercard, American Express, Discover, JCB, Diners Club, Maestro.
  private static func isOfNetwork(_ digits: [UInt8]) -> Bool {
    let two = Int(digits[0]) * 10 + Int(digits[1])
    return digits[0] == 4 || (51...55).contains(two) || (22...27).contains(two)
      || [30, 34, 35, 36, 37, 38, 60, 62, 64, 65].contains(two)
  }

  /// The check digit (ISO/IEC 7812-1, annex B).
  private static func sums(_ digits: [UInt8]) -> Bool {
    var sum = 0
    for (place, digit) in digits.reversed().enumerated() {
      let value = place % 2 == 1 ? Int(digit) * 2 : Int(digit)
      sum += value > 9 ? value - 9 : value
    }
    return sum % 10 == 0
  }
}
