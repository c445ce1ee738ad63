import Base

/// A media type with its parameters, as a `Content-Type` names it (RFC 9110 §8.3.1).
public struct MediaType: Hashable, Sendable {
  /// One parameter.
  public struct Parameter: Hashable, Sendable {
    /// In lower case.
    public let name: [UInt8]
    /// Without quotes.
    public let value: [UInt8]
  }

  /// Most parameters: no type in use has more than four.
  private static let parametersMax = 8

  /// `type/subtype`, in lower case.
  public let essence: [UInt8]
  /// The parameters, in their order; no name comes twice.
  public let parameters: [Parameter]

  /// Reads a field's value; nil if it is none, or has a parameter twice.
  public init?(_ value: Span<UInt8>) {
    var at = 0
    var essence: [UInt8] = []
    guard MediaType.token(value, &at, into: &essence), at < value.count,
      value[at] == UInt8(ascii: "/")
    else { return nil }
    essence.append(UInt8(ascii: "/"))
    at += 1
    guard MediaType.token(value, &at, into: &essence) else { return nil }
    var parameters: [Parameter] = []
    while true {
      MediaType.skipSpace(value, &at)
      guard at < value.count else { break }
      guard value[at] == UInt8(ascii: ";") else { return nil }
      at += 1
      MediaType.skipSpace(value, &at)
      guard at < value.count, value[at] != UInt8(ascii: ";") else { continue }
      guard parameters.count < MediaType.parametersMax,
        let parameter = MediaType.parameter(value, &at),
        !parameters.contains(where: { $0.name == parameter.name })
      else { return nil }
      parameters.append(parameter)
    }
    self.essence = essence
    self.parameters = parameters
  }

  /// The one that fields declare by `Content-Type`; nil if there is none, or several.
  public init?(of fields: borrowing Fields) {
    guard fields.count(.contentType) == 1, let value = fields.value(.contentType) else {
      return nil
    }
    self.init(fields[value])
  }

  /// The value of the parameter called `name`, in lower case; nil if there is none.
  public func parameter(_ name: StaticString) -> [UInt8]? {
    parameters.first { ASCII.equals($0.name.span, name) }?.value
  }

  /// Whether text of this type is UTF-8, as far as the type says: it names no other encoding.
  public var isUTF8: Bool {
    guard let charset = parameter("charset") else { return true }
    return ASCII.equalsIgnoringCase(charset.span, "utf-8")
      || ASCII.equalsIgnoringCase(charset.span, "us-ascii")
  }

  // MARK: Reading

  private static func skipSpace(_ text: Span<UInt8>, _ at: inout Int) {
    while at < text.count, text[at] == 0x20 || text[at] == 0x09 { at += 1 }
  }

  /// Takes a token in lower case; false if there is none.
  private static func token(
    _ text: Span<UInt8>, _ at: inout Int, into token: inout [UInt8]
  ) -> Bool {
    let start = at
    while at < text.count, ASCII.isToken(text[at]) {
      token.append(ASCII.lowercased(text[at]))
      at += 1
    }
    return at > start
  }

  private static func parameter(_ text: Span<UInt8>, _ at: inout Int) -> Parameter? {
    var name: [UInt8] = []
    guard token(text, &at, into: &name), at < text.count, text[at] == UInt8(ascii: "=") else {
      return nil
    }
    at += 1
    var value: [UInt8] = []
    if at < text.count, text[at] == UInt8(ascii: "\"") {
      at += 1
      while at < text.count, text[at] != UInt8(ascii: "\"") {
        if text[at] == UInt8(ascii: "\\") { at += 1 }
        guard at < text.count else { return nil }
        value.append(text[at])
        at += 1
      }
      guard at < text.count else { return nil }
      at += 1
      return Parameter(name: name, value: value)
    }
    let start = at
    while at < text.count, ASCII.isToken(text[at]) {
      value.append(text[at])
      at += 1
    }
    return at > start ? Parameter(name: name, value: value) : nil
  }
}
