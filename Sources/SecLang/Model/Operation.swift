/// What a rule does with each value.
enum Operation: Sendable {
  /// One of the patterns that are looked for in one pass; `capturing` if the rule wants its groups.
  case pattern(Int)
  case number(Comparison, Macro)
  case equals(Macro)
  case contains(Macro)
  case containsWord(Macro)
  case begins(Macro)
  case ends(Macro)
  /// Whether the value stands in the list.
  case within(Macro)
  case addresses([AddressRange])
  case byteRange(ByteSet)
  case percentEncoding, utf8Encoding
  case sqlInjection, markupInjection
  case always, never

  /// How two numbers are compared.
  enum Comparison: Sendable { case equal, atLeast, greater, atMost, less }
}
