/// One place where the tree breaks a rule of the house.
struct Breach: Hashable, Comparable, CustomStringConvertible {
  let rule: String
  let path: String
  /// Counted from 1.
  let line: Int
  let message: String

  var description: String { "\(path):\(line): [\(rule)] \(message)" }

  static func < (left: Breach, right: Breach) -> Bool {
    (left.path, left.line, left.rule) < (right.path, right.line, right.rule)
  }
}
