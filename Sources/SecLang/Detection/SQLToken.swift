/// A token of SQL, as far as it matters whether a text is a part of a query.
struct SQLToken {
  enum Kind: UInt8 {
    case none
    case name, number, string, variable
    /// `=`, `<`, `like`, `between`, `in`, `is`: what makes a truth of two values.
    case comparison
    /// `+`, `-`, `||` of strings, and other signs between values.
    case sign
    /// `and`, `or`, `xor`, `&&`, `||`, `div`.
    case logic
    case not
    case open, close, comma, semicolon, dot
    /// A comment that ends the text or the line.
    case comment
    case keyword
    /// A function that only databases have, or a name of theirs.
    case function, telling
    case literal
  }

  /// Keywords that are told apart.
  enum Word: UInt8 {
    case none, nothing, select, insert, update, delete, drop, create, alter, truncate, execute,
      declare
    case shutdown, union, all, distinct, from, into, values, table, database, set, waitfor, delay
    case group, order, by, having, limit, procedure, outfile, `case`, when, top, `where`, exists
    case merge, grant, call, `as`, object, begin, `if`, handler, null, like, join, copy
  }

  var kind: Kind
  var word = Word.none

  /// Whether it can stand for a value.
  var isValue: Bool {
    switch kind {
    case .name, .number, .string, .variable, .literal, .function, .telling: true
    default: false
    }
  }

  /// A value that is written as it is.
  var isLiteral: Bool { kind == .number || kind == .string || kind == .literal }
}
