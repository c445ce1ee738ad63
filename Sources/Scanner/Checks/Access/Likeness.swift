/// Whether answers are to the same thing.
enum Likeness {
  /// Whether two answers are of one form, and neither is a mere shell of the other.
  static func areAlike(_ left: Answer, _ right: Answer) -> Bool {
    if left.text == right.text { return true }
    let names = Set((right.json?.leaves ?? []).map(\.name))
    let others = Set((left.json?.leaves ?? []).map(\.name))
    return !names.isEmpty && names == others
  }
}
