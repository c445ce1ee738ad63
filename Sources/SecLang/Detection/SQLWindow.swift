/// The last tokens of a text, and what they tell.
///
/// Places count back from the newest: 0 is the one that came last.
struct SQLWindow {
  private var tokens = InlineArray<12, SQLToken>(repeating: SQLToken(kind: .none))
  /// How many came.
  private var count = 0
  private let isQuoted: Bool
  /// Whether the quote is one that people write around words, and few databases around texts.
  private let isDouble: Bool
  private var first = SQLToken.Kind.none

  /// Within a string of `quote`, which stands for the first token; nil for outside of any.
  init(within quote: UInt8?) {
    isQuoted = quote != nil
    isDouble = quote == UInt8(ascii: "\"")
    if isQuoted { add(SQLToken(kind: .string)) }
  }

  mutating func add(_ token: SQLToken) {
    for place in (1..<12).reversed() { tokens[place] = tokens[place - 1] }
    tokens[0] = token
    if count == 0 { first = token.kind }
    count += 1
  }

  /// Puts what is worth one value together: `1 + 2`, `(3)`, `-4`, `f()`; whether it did.
  ///
  /// So that a truth is seen whatever it is a truth of.
  mutating func fold() -> Bool {
    if tokens[0].isLiteral {
      // A sign before a value that has nothing to its left.
      if kind(1) == .sign || kind(1) == .not,
        kind(2) == .logic || kind(2) == .comparison || kind(2) == .open || kind(2) == .comma
          || kind(2) == .not || (kind(2) == .sign && kind(1) == .sign)
      {
        drop(1, leaving: kind(0))
        return true
      }
      if kind(1) == .sign, tokens[2].isLiteral, count > 3 || !isQuoted || kind(0) == .number {
        drop(2, leaving: kind(2))
        return true
      }
    }
    if kind(0) == .close {
      if tokens[1].isLiteral || kind(1) == .name, kind(2) == .open {
        let isCall = kind(3) == .name || kind(3) == .function
        if kind(1) == .name, !isCall { return false }
        drop(isCall ? 3 : 2, leaving: isCall ? .literal : kind(1))
        return true
      }
      if kind(1) == .open, kind(2) == .name || kind(2) == .function {
        drop(2, leaving: .literal)
        return true
      }
    }
    return false
  }

  /// Takes the newest but `number` tokens away behind one that stands for them.
  private mutating func drop(_ number: Int, leaving kind: SQLToken.Kind) {
    for place in 0..<12 - number { tokens[place] = tokens[place + number] }
    for place in 12 - number..<12 { tokens[place] = SQLToken(kind: .none) }
    tokens[0] = SQLToken(kind: kind)
    count -= number
  }

  private func kind(_ place: Int) -> SQLToken.Kind { tokens[place].kind }
  private func word(_ place: Int) -> SQLToken.Word { tokens[place].word }

  /// Whether the token at `place` is the first, or closes what the query had open.
  private func isOutset(_ place: Int) -> Bool {
    let first = count - 1
    if place == first { return kind(place) == .string || kind(place) == .number }
    return kind(place) == .close && place < first
  }

  /// Whether the newest token makes an injection of those before it.
  var isTelling: Bool {
    isUnion || isStatement || isSubquery || isCall || isTruth || isCut || isClause || isJoined
  }

  // MARK: A second query

  /// `union select`, with what may stand between.
  private var isUnion: Bool {
    guard word(0) == .select || word(0) == .values else { return false }
    var place = 1
    while place < 5, kind(place) == .open || word(place) == .all || word(place) == .distinct {
      place += 1
    }
    return word(place) == .union
  }

  /// A whole statement behind a semicolon, or at the begin.
  private var isStatement: Bool {
    if word(0) == .delay, word(1) == .waitfor { return true }
    if word(0) == .outfile, word(1) == .into { return true }
    if kind(0) == .variable, word(1) == .declare { return true }
    if word(1) == .drop || word(1) == .create || word(1) == .alter || word(1) == .truncate {
      let isObject = word(0) == .table || word(0) == .database || word(0) == .procedure
      if isObject, isStart(2) { return true }
      if word(0) == .object, kind(2) == .semicolon { return true }
    }
    if word(1) == .into, word(2) == .insert, kind(0) == .name, isStart(3) { return true }
    if word(1) == .from, word(2) == .delete, kind(0) == .name, isStart(3) { return true }
    if word(0) == .set, word(2) == .update, kind(1) == .name, isStart(3) { return true }
    if word(1) == .shutdown, kind(2) == .semicolon, kind(0) == .none || kind(0) == .comment {
      return true
    }
    if word(1) == .execute, isStart(2) || kind(2) == .string {
      if kind(0) == .telling || kind(0) == .open { return true }
      return kind(0) == .name && kind(2) == .semicolon
    }
    guard kind(2) == .semicolon else { return false }
    switch word(1) {
    case .select, .declare, .call, .merge, .grant, .handler, .copy:
      return kind(0) == .sign || kind(0) == .number || kind(0) == .function
        || kind(0) == .telling || kind(0) == .string || kind(0) == .variable
        || word(0) == .case
    case .if: return kind(0) == .open || kind(0) == .not || word(0) == .exists
    default: return false
    }
  }

  /// Whether what stands at `place` is no part of the statement that follows.
  private func isStart(_ place: Int) -> Bool {
    kind(place) == .semicolon || kind(place) == .none || kind(place) == .string
      || kind(place) == .number || kind(place) == .close
  }

  /// `(select …` of what is no prose, or `select … from`.
  private var isSubquery: Bool {
    if word(1) == .select, kind(2) == .open {
      if tokens[0].isLiteral || kind(0) == .sign || kind(0) == .function
        || kind(0) == .telling || kind(0) == .variable || kind(0) == .open
        || word(0) == .distinct || word(0) == .case || word(0) == .top
      {
        return true
      }
    }
    if word(0) == .from {
      if kind(2) == .sign, word(4) == .select { return kind(5) == .open }
      if word(2) == .select {
        return kind(1) == .sign || kind(3) == .open || tokens[1].isLiteral
          || kind(1) == .variable
      }
      // `select name, f(x) from`.
      if kind(2) == .comma || kind(2) == .dot || kind(1) == .close {
        return (3..<12).contains { word($0) == .select }
      }
    }
    return false
  }

  /// A call of what only databases have, or one of their own tables.
  private var isCall: Bool {
    if kind(0) == .open, kind(1) == .telling { return true }
    if kind(1) == .telling, kind(0) == .dot || kind(2) == .dot { return true }
    if kind(0) == .telling, word(1) == .from || word(1) == .execute { return true }
    // `char(65)+char(66)`, `concat(0x3a,…`.
    if kind(0) == .open, kind(1) == .function {
      if kind(2) == .logic, kind(3) != .name, kind(3) != .none { return true }
      if kind(2) == .comparison || kind(2) == .sign || kind(2) == .comma {
        return kind(3) == .string && isQuoted && count <= 6
      }
      // `1 - ord(`, `; iif(`.
      if kind(2) == .semicolon { return isOutset(3) }
      return kind(2) == .sign && (kind(3) == .close || (kind(3) == .number && count == 4))
    }
    if kind(0) == .open, word(1) == .if, kind(2) == .semicolon, isOutset(3) { return true }
    return false
  }

  // MARK: A truth

  /// `or 1=1` behind a value.
  private var isTruth: Bool {
    // A truth of two values: … & a = b.
    if tokens[0].isValue || kind(0) == .open, kind(1) == .comparison, tokens[2].isValue {
      var place = 3
      while place < 6, kind(place) == .open || kind(place) == .not || kind(place) == .sign {
        place += 1
      }
      if kind(place) == .logic {
        let before = place + 1
        let hasLiteral = tokens[0].isLiteral || tokens[2].isLiteral
        let isBothLiteral = tokens[0].isLiteral && tokens[2].isLiteral
        if isBothLiteral, before < 12, kind(before) != .none { return true }
        if hasLiteral, before < 12, isOutset(before) || kind(before) == .string { return true }
        if isQuoted, before < 12, isOutset(before) { return true }
      }
    }
    // `1=1 and 1`.
    if tokens[0].isLiteral, kind(1) == .logic, tokens[2].isLiteral, kind(3) == .comparison,
      tokens[4].isLiteral
    {
      return true
    }
    guard kind(0) == .none || kind(0) == .comment || kind(0) == .close || kind(0) == .semicolon
    else {
      // `' or 'a`, `1 or not 0`.
      return kind(0) == .string && kind(1) == .logic && isOutset(2) && isQuoted && !isDouble
    }
    // `' or 1`, `1 or true`, to the end.
    var place = 2
    while place < 5, kind(place) == .not || kind(place) == .sign || kind(place) == .open {
      place += 1
    }
    return tokens[1].isLiteral && kind(place) == .logic && isOutset(place + 1)
      && (isQuoted || kind(0) == .comment || place > 2)
  }

  /// A value that is joined with an operator to what the query has: `'+'`, `'='`.
  private var isJoined: Bool {
    guard isQuoted, !isDouble else { return false }
    let first = count - 1
    // string, operator, string, at the very begin.
    if first == 2, kind(2) == .string,
      kind(1) == .comparison || kind(1) == .sign
        || kind(1) == .logic
    {
      return kind(0) == .string
    }
    if first == 3, kind(3) == .string, kind(2) == .comparison || kind(2) == .sign {
      // The number or name between is the whole rest.
      if kind(1) == .number || kind(1) == .literal || kind(1) == .variable {
        return kind(0) == .none || kind(0) == .comment || kind(0) == .logic
          || kind(0) == .string
      }
      return kind(1) == .sign && kind(0) == .string
    }
    // `' / name = '`.
    return first == 3 && kind(3) == .string && kind(2) == .sign && kind(0) == .comparison
  }

  // MARK: The rest cut off

  /// A comment right behind the value.
  private var isCut: Bool {
    guard kind(0) == .comment else { return false }
    if word(0) == .nothing, first == .open, !isQuoted {
      if kind(1) == .close || tokens[1].isLiteral { return true }
    }
    var place = 1
    while place < 6, kind(place) == .close || kind(place) == .semicolon { place += 1 }
    let first = count - 1
    guard place == first else {
      return kind(1) == .semicolon && kind(2) == .close && isQuoted
    }
    return kind(place) == .string && isQuoted || kind(place) == .number && !isQuoted
  }

  // MARK: A clause

  /// `order by 3`, `having 1=1`, `limit 1` right behind a value.
  private var isClause: Bool {
    if kind(0) == .number || kind(0) == .open || kind(0) == .comment || kind(0) == .name {
      if word(1) == .by, word(2) == .order || word(2) == .group, isOutset(3) {
        return kind(0) != .name || isQuoted
      }
    }
    if tokens[0].isLiteral, word(1) == .having || word(1) == .limit, isOutset(2) { return true }
    if word(1) == .having, kind(0) == .open || kind(0) == .not { return isOutset(2) || count == 3 }
    if kind(0) == .telling, word(1) == .procedure { return true }
    if word(0) == .when, word(1) == .case, kind(2) == .open || kind(2) == .comma { return true }
    if tokens[0].isLiteral, kind(1) == .comparison, tokens[2].isLiteral, word(3) == .where {
      return isOutset(4) || kind(4) == .name
    }
    return word(0) == .select && kind(1) == .open && kind(2) == .comparison && isQuoted
  }
}
