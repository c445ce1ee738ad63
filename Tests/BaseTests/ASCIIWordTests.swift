import Base
import Testing

/// What looks at eight bytes at once says the same as a look at each.
@Suite struct ASCIIWordTests {
  @Test func `Capitals are made small wherever they stand`() {
    for count in 0...20 {
      for byte in UInt8.min...UInt8.max {
        var bytes = [UInt8](repeating: byte, count: count + 2)
        let expected = bytes.indices.map {
          $0 > 0 && $0 <= count ? ASCII.lowercased(byte) : byte
        }
        lower(&bytes, 1..<count + 1)
        #expect(bytes == expected)
      }
    }
  }

  private func lower(_ bytes: inout [UInt8], _ range: Range<Int>) {
    var span = bytes.mutableSpan
    ASCII.lowercase(&span, range)
  }

  @Test func `Spans are equal only if every byte is`() {
    for count in 0...20 {
      let bytes = (0..<count).map { UInt8($0) }
      #expect(areEqual(bytes, bytes))
      for position in 0..<count {
        var other = bytes
        other[position] ^= 0x80
        #expect(!areEqual(bytes, other), "\(position) of \(count)")
      }
    }
    #expect(!areEqual([1], [1, 2]))
  }

  private func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    ASCII.equals(left.span, right.span)
  }
}
