/// Texts of others in the operator's log.
enum Quoting {
  /// The beginning of a text, in quotes, with everything escaped that is no letter.
  static func short(_ text: String) -> String { String(text.prefix(64)).debugDescription }
}
