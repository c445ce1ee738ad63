import Base
import HTTP
import Testing

@testable import Wire

/// What looks at eight bytes at once says the same as a look at each.
@Suite struct WordAtATimeTests {
  private static let text = Array("abcdefghij-KLMNOPQ0123456789".utf8)

  @Test func `A name of letters, digits and dashes is found to its end`() {
    for position in WordAtATimeTests.text.indices {
      for byte in UInt8.min...UInt8.max {
        var line = WordAtATimeTests.text
        line[position] = byte
        #expect(finds(line), "byte \(byte) at \(position)")
      }
    }
  }

  private func finds(_ line: [UInt8]) -> Bool {
    var hasCapital = false
    let count = NameScanner.prefix(of: line.span, hasCapital: &hasCapital)
    let head = line[..<count]
    let stops = count == line.count || !isPlain(line[count]) || count + 8 > line.count
    return stops && head.allSatisfy(isPlain)
      && hasCapital == head.contains { $0 &- 0x41 < 26 }
  }

  private func isPlain(_ byte: UInt8) -> Bool {
    ASCII.isAlpha(byte) || ASCII.isDigit(byte) || byte == 0x2D
  }

  @Test func `A line ends at the first byte that may not stand in it`() {
    for length in 1...20 {
      for position in 0..<length {
        for byte in UInt8.min...UInt8.max {
          var line = [UInt8](repeating: 0x61, count: length) + [0x0D, 0x0A]
          line[position] = byte
          #expect(scans(line, position, byte), "byte \(byte) at \(position) of \(length)")
        }
      }
    }
  }

  private func scans(_ line: [UInt8], _ position: Int, _ byte: UInt8) -> Bool {
    var scanner = LineScanner()
    switch scanner.find(in: line.span, most: 100) {
    case .line(let count): return ASCII.isFieldValue(byte) && count == line.count - 2
    case .malformed: return !ASCII.isFieldValue(byte)
    case .incomplete, .tooLong: return false
    }
  }
}
