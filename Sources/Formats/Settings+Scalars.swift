public import Base

extension Settings {
  // MARK: Text

  /// The text of `node` with its references resolved; nil if it is no single value, or empty.
  public func text(of node: Node, _ key: String) -> Text? {
    guard let raw = node.text else {
      error("'\(key)' is a \(node.kind.word)", expected: "a single value", at: node.position)
      return nil
    }
    guard !node.isNull else {
      error("'\(key)' has no value", at: node.position)
      return nil
    }
    do {
      let value = try interpolation.resolve(raw)
      return Text(value.text, at: node.position, isSecret: value.isSecret)
    } catch {
      self.error("'\(key)': \(error.message)", expected: error.expected, at: node.position)
      return nil
    }
  }

  /// The text of `key` with its place; nil if it is absent or empty (reported).
  public mutating func text(_ key: String) -> Text? {
    node(key).flatMap { text(of: $0, key) }
  }

  /// The text of `key`; its absence is reported.
  public mutating func requiredText(_ key: String) -> Text? {
    requiredNode(key).flatMap { text(of: $0, key) }
  }

  /// The text of `key`; nil if it is absent or empty (reported).
  public mutating func string(_ key: String) -> String? { text(key)?.string }

  /// The text of `key`; its absence is reported.
  public mutating func requiredString(_ key: String) -> String? { requiredText(key)?.string }

  /// The path of a file, as written: not empty, and without control characters.
  public mutating func path(_ key: String) -> Text? {
    guard let text = text(key) else { return nil }
    if !text.string.isEmpty, text.string.utf8.allSatisfy(ASCII.isFieldValue) { return text }
    refuse(text, key, expected: "the path of a file")
    return nil
  }

  // MARK: Truth and numbers

  /// `true` or `false`; other words for them are refused, and so is text in quotes, unless that is
  /// what a reference needs within brackets.
  public mutating func boolean(_ key: String) -> Bool? {
    guard let node = node(key), let text = text(of: node, key) else { return nil }
    let isText = node.isQuoted && !text.isSecret
    if case .boolean(let value) = Scalar(text.string, isQuoted: isText) { return value }
    refuse(text, key, expected: "true or false")
    return nil
  }

  /// A whole number within `range`, written in decimal without leading zeros.
  public mutating func integer(
    _ key: String, in range: ClosedRange<Int> = Int.min...Int.max
  ) -> Int? {
    guard let text = text(key) else { return nil }
    guard let value = Settings.wholeNumber(text.string), range.contains(value) else {
      refuse(text, key, expected: "a whole number\(Settings.words(for: range))")
      return nil
    }
    return value
  }

  /// A whole number within `range`; its absence is reported.
  public mutating func requiredInteger(
    _ key: String, in range: ClosedRange<Int> = Int.min...Int.max
  ) -> Int? {
    requiredNode(key).flatMap { _ in integer(key, in: range) }
  }

  /// A share, written `10%` or `2.5%`, as a fraction of one: `10%` is 0.1.
  public mutating func percent(_ key: String, in range: ClosedRange<Double> = 0...1) -> Double? {
    guard let text = text(key) else { return nil }
    let digits = text.string.hasSuffix("%") ? Scalar(String(text.string.dropLast())) : .null
    let value: Double? =
      switch digits {
      case .integer(let whole): Double(whole) / 100
      case .number(let number): number / 100
      default: nil
      }
    guard let value, range.contains(value) else {
      let (low, high) = (range.lowerBound * 100, range.upperBound * 100)
      refuse(text, key, expected: "a share from \(Int(low))% to \(Int(high))%")
      return nil
    }
    return value
  }

  // MARK: Durations and sizes

  /// A duration in milliseconds: `250ms`, `10s`, `5m`, `1h` or `1d`; nothing but 0 goes without
  /// unit.
  public mutating func duration(
    _ key: String, in range: ClosedRange<Int> = 0...Quantity.durationMax
  ) -> Int? {
    guard let text = text(key) else { return nil }
    switch Quantity.milliseconds(text.string) {
    case .value(let value) where range.contains(value): return value
    case .value:
      let (low, high) = (range.lowerBound, range.upperBound)
      refuse(
        text, key, expected: "\(Quantity.duration(low)) to \(Quantity.duration(high))")
    case .noUnit:
      error(
        "'\(key)' is \(text.shown), a duration without a unit",
        expected: "for example 10s or 250ms", at: text.position)
    case .invalid: refuse(text, key, expected: "a duration such as 250ms, 10s, 5m, 1h or 1d")
    }
    return nil
  }

  /// A size in bytes: `4096`, `64KiB`, `10MiB`, `1GiB`, or decimal `1kB`, `1MB`, `1GB`.
  public mutating func size(
    _ key: String, in range: ClosedRange<Int> = 0...Int.max
  ) -> Int? {
    guard let text = text(key) else { return nil }
    guard case .value(let value) = Quantity.bytes(text.string) else {
      refuse(text, key, expected: "a size such as 4096, 64KiB or 10MiB")
      return nil
    }
    guard range.contains(value) else {
      let (low, high) = (range.lowerBound, range.upperBound)
      refuse(
        text, key,
        expected: high == .max
          ? "at least \(Quantity.size(low))" : "\(Quantity.size(low)) to \(Quantity.size(high))")
      return nil
    }
    return value
  }

  // MARK: Words and addresses

  /// One of `words`; the nearest is suggested.
  public mutating func choice(_ key: String, _ words: [String]) -> String? {
    guard let text = text(key) else { return nil }
    if words.contains(text.string) { return text.string }
    refuse(text, key, words: words)
    return nil
  }

  /// One of the cases of an enumeration of words.
  public mutating func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, of _: Choice.Type
  ) -> Choice? where Choice.RawValue == String {
    choice(key, Choice.allCases.map(\.rawValue)).flatMap { Choice(rawValue: $0) }
  }

  /// An IPv4 or IPv6 address.
  public mutating func address(_ key: String) -> IPAddress? {
    guard let text = text(key) else { return nil }
    if let address = IPAddress(text.string) { return address }
    refuse(text, key, expected: "an IP address")
    return nil
  }

  // MARK: Messages

  /// Reports that the value of `key` is not what was expected.
  public func refuse(_ text: Text, _ key: String, expected: String) {
    error("'\(key)' is \(text.shown)", expected: expected, at: text.position)
  }

  /// Reports that the value of `key` is none of `words`.
  public func refuse(_ text: Text, _ key: String, words: [String]) {
    diagnostics.refuse("'\(key)' is", text, among: words)
  }

  static func words(for range: ClosedRange<Int>) -> String {
    switch (range.lowerBound, range.upperBound) {
    case (Int.min, Int.max): ""
    case (let low, Int.max): ", at least \(low)"
    case (Int.min, let high): ", at most \(high)"
    case (let low, let high): " from \(low) to \(high)"
    }
  }

  /// The number in `text`: decimal digits, no leading zeros, at most a minus before them.
  static func wholeNumber(_ text: String) -> Int? {
    let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
    guard let first = digits.utf8.first, ASCII.isDigit(first) else { return nil }
    if first == UInt8(ascii: "0"), digits.utf8.count > 1 { return nil }
    return Int(text)
  }
}
