/// What takes the parts of an XML text that a scanner finds; its methods are called in the order of
/// the text, and all places are those of the text.
///
/// What was told of a text is void if the text turns out not to be sound.
protocol XMLSink {
  /// An element begins; the name of its namespace is empty for none.
  mutating func begin(name: Range<Int>, namespace: Range<Int>, _ attributes: [XMLAttribute])
  /// The innermost element ends.
  mutating func end()
  /// Text as it stands in a CDATA section.
  mutating func text(_ range: Range<Int>)
  /// Text with references to characters in it.
  mutating func references(_ range: Range<Int>)
}

/// A sink for those who want to know no more than that a text is sound.
struct XMLNothing: XMLSink {
  mutating func begin(name: Range<Int>, namespace: Range<Int>, _ attributes: [XMLAttribute]) {}
  mutating func end() {}
  mutating func text(_ range: Range<Int>) {}
  mutating func references(_ range: Range<Int>) {}
}
