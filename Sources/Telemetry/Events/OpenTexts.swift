/// Texts that were looked through for secrets and have none, so that they need not be again: a few
/// programs send nearly all requests.
struct OpenTexts {
  private static let placeCount = 64
  private static let textBytesMax = 256

  private var bytes = [UInt8](repeating: 0, count: placeCount * textBytesMax)
  private var counts = [UInt16](repeating: 0, count: placeCount)

  init() {}

  /// Whether the text is one of those.
  @inline(__always)
  func holds(_ text: Span<UInt8>) -> Bool {
    guard text.count >= 8, text.count <= OpenTexts.textBytesMax else { return false }
    let place = OpenTexts.place(text)
    guard Int(counts[place]) == text.count else { return false }
    let start = place * OpenTexts.textBytesMax
    // Safety: eight bytes are compared at places from 0 to eight before the end of both alone.
    return unsafe text.withUnsafeBytes { left in
      unsafe bytes.withUnsafeBytes { all in
        var at = 0
        let last = left.count - 8
        while true {
          let word = unsafe left.loadUnaligned(fromByteOffset: at, as: UInt64.self)
          if word != (unsafe all.loadUnaligned(fromByteOffset: start + at, as: UInt64.self)) {
            return false
          }
          if at == last { return true }
          // The last eight may overlap those before.
          at = min(at + 8, last)
        }
      }
    }
  }

  /// Takes in a text, in place of another.
  mutating func insert(_ text: Span<UInt8>) {
    guard text.count >= 8, text.count <= OpenTexts.textBytesMax else { return }
    let place = OpenTexts.place(text)
    counts[place] = UInt16(text.count)
    for at in text.indices { bytes[place * OpenTexts.textBytesMax + at] = text[at] }
  }

  /// By the length and a few letters: whoever makes two fall together slows down themselves.
  @inline(__always)
  private static func place(_ text: Span<UInt8>) -> Int {
    let count = text.count
    let mixed =
      count &* 31 &+ Int(text[count / 2]) &* 7 &+ Int(text[count - 3]) &* 3 &+ Int(text[count - 1])
    return mixed & (placeCount - 1)
  }
}
