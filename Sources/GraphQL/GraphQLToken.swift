/// One lexical token (GraphQL, October 2021, §2.1.6).
struct GraphQLToken {
  enum Kind: Equatable {
    case end, spread, name, int, float, string
    /// One of `! $ & ( ) : = @ [ ] { | }`.
    case mark(UInt8)
  }

  var kind: Kind
  /// Its bytes, quotes included.
  var range: Range<Int>
}
