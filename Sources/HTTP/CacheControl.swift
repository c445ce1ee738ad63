import Base

/// The directives of `Cache-Control` that are acted on here (RFC 9111 §5.2, RFC 5861).
public struct CacheControl: Hashable, Sendable {
  /// Directives without a value that counts.
  public struct Flags: OptionSet, Hashable, Sendable {
    public let rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Nothing is kept.
    public static let noStore = Flags(rawValue: 1)
    /// Of a response, only in the form without field names.
    public static let noCache = Flags(rawValue: 2)
    /// In whichever form.
    public static let isPrivate = Flags(rawValue: 4)
    public static let isPublic = Flags(rawValue: 8)
    public static let mustRevalidate = Flags(rawValue: 16)
    public static let proxyRevalidate = Flags(rawValue: 32)
    public static let mustUnderstand = Flags(rawValue: 64)
    public static let noTransform = Flags(rawValue: 128)
    public static let onlyIfCached = Flags(rawValue: 256)
    /// Any staleness is taken (`max-stale` without a value).
    public static let anyStale = Flags(rawValue: 512)
  }

  /// What is said without a value.
  public private(set) var flags: Flags = []
  /// Seconds; nil if it is not said.
  public private(set) var maxAge, sharedMaxAge, minFresh, maxStale: Int?
  public private(set) var staleWhileRevalidate, staleIfError: Int?

  /// Longest time that counts: RFC 9111 §1.2.2 asks for 2³¹ at least.
  private static let secondsMax = 1 << 31

  /// These flags, and nothing else.
  public init(_ flags: Flags = []) { self.flags = flags }

  /// What all fields of that name say.
  public init(of fields: borrowing Fields) {
    for index in fields.lines.indices
    where fields.lines[index].id == .cacheControl && !fields.lines[index].name.isEmpty {
      read(fields[fields.lines[index].value])
    }
  }

  private mutating func read(_ value: Span<UInt8>) {
    var at = 0
    while at < value.count {
      while at < value.count, value[at] == 0x20 || value[at] == 0x09 || value[at] == 0x2C {
        at += 1
      }
      let from = at
      while at < value.count, ASCII.isToken(value[at]) { at += 1 }
      let name = from..<at
      var argument: [UInt8]?
      if at < value.count, value[at] == UInt8(ascii: "=") {
        at += 1
        argument = CacheControl.argument(value, &at)
      }
      // Whatever else stands there belongs to no directive.
      while at < value.count, value[at] != 0x2C { at += 1 }
      if !name.isEmpty { note(value.extracting(name), argument) }
    }
  }

  /// A token, or what stands in quotes.
  private static func argument(_ value: Span<UInt8>, _ at: inout Int) -> [UInt8] {
    var argument: [UInt8] = []
    guard at < value.count, value[at] == UInt8(ascii: "\"") else {
      while at < value.count, ASCII.isToken(value[at]) {
        argument.append(value[at])
        at += 1
      }
      return argument
    }
    at += 1
    while at < value.count, value[at] != UInt8(ascii: "\"") {
      if value[at] == UInt8(ascii: "\\"), at + 1 < value.count { at += 1 }
      argument.append(value[at])
      at += 1
    }
    at = min(at + 1, value.count)
    return argument
  }

  private mutating func note(_ name: Span<UInt8>, _ argument: [UInt8]?) {
    func isName(_ text: StaticString) -> Bool { ASCII.equalsIgnoringCase(name, text) }
    if isName("no-store") {
      flags.insert(.noStore)
    } else if isName("no-cache") {
      // With names, only those fields have to be asked about: all of it is, which is safe.
      flags.insert(.noCache)
    } else if isName("private") {
      flags.insert(.isPrivate)
    } else if isName("public") {
      flags.insert(.isPublic)
    } else if isName("must-revalidate") {
      flags.insert(.mustRevalidate)
    } else if isName("proxy-revalidate") {
      flags.insert(.proxyRevalidate)
    } else if isName("must-understand") {
      flags.insert(.mustUnderstand)
    } else if isName("no-transform") {
      flags.insert(.noTransform)
    } else if isName("only-if-cached") {
      flags.insert(.onlyIfCached)
    } else {
      noteTime(name, argument)
    }
  }

  private mutating func noteTime(_ name: Span<UInt8>, _ argument: [UInt8]?) {
    func isName(_ text: StaticString) -> Bool { ASCII.equalsIgnoringCase(name, text) }
    if isName("max-age") {
      CacheControl.note(argument, in: &maxAge)
    } else if isName("s-maxage") {
      CacheControl.note(argument, in: &sharedMaxAge)
    } else if isName("min-fresh") {
      CacheControl.note(argument, in: &minFresh)
    } else if isName("max-stale") {
      if argument == nil {
        flags.insert(.anyStale)
      } else {
        CacheControl.note(argument, in: &maxStale)
      }
    } else if isName("stale-while-revalidate") {
      CacheControl.note(argument, in: &staleWhileRevalidate)
    } else if isName("stale-if-error") {
      CacheControl.note(argument, in: &staleIfError)
    }
  }

  /// What is no number of seconds, or another than before, counts as none at all: what it bounds is
  /// then not fresh (RFC 9111 §4.2.1).
  private static func note(_ argument: [UInt8]?, in seconds: inout Int?) {
    let text = argument ?? []
    var value = text.isEmpty ? 0 : ASCII.decimal(text.span) ?? 0
    // Digits that are too many for a number stand for a long time (RFC 9111 §1.2.2).
    if text.count > 18, text.allSatisfy(ASCII.isDigit) { value = secondsMax }
    value = min(value, secondsMax)
    if let before = seconds, before != value { value = 0 }
    seconds = value
  }
}
