/// An attribute, by places in the text.
struct XMLAttribute: Sendable {
  /// Its name as written, with the prefix.
  let name: Range<Int>
  /// The name of its namespace as written; empty for none.
  var namespace: Range<Int>
  /// Its value as written, without quotes.
  let value: Range<Int>
}
