/// Finds the word that was probably meant.
public enum Spelling {
  /// The word nearest to `word`: at most two slips away (one for up to four characters), or
  /// beginning with it or it with them. Nil if none is near.
  public static func nearest(to word: String, in words: [String]) -> String? {
    guard !word.isEmpty, word.utf8.count <= 64 else { return nil }
    let folded = word.lowercased()
    let slipsMax = word.utf8.count <= 4 ? 1 : 2
    var best: (word: String, slips: Int)?
    for candidate in words {
      let slips = distance(folded, candidate.lowercased())
      if slips <= slipsMax, slips < best?.slips ?? .max { best = (candidate, slips) }
    }
    if let best { return best.word }
    guard folded.utf8.count >= 3 else { return nil }
    return words.first { $0.hasPrefix(folded) || ($0.utf8.count >= 3 && folded.hasPrefix($0)) }
  }

  /// How many insertions, deletions, substitutions and swaps of neighbours lie between two words
  /// (optimal string alignment).
  static func distance(_ left: String, _ right: String) -> Int {
    let (left, right) = (Array(left.utf8), Array(right.utf8))
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for i in 0..<left.count {
      var row = [i + 1]
      for j in 0..<right.count {
        var cost = min(row[j] + 1, last[j + 1] + 1, last[j] + (left[i] == right[j] ? 0 : 1))
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
          cost = min(cost, beforeLast[j - 1] + 1)
        }
        row.append(cost)
      }
      (beforeLast, last) = (last, row)
    }
    return last[right.count]
  }
}
