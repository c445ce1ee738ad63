import Base

/// The elements of an XML text, in one array: names, attributes and texts, references undone.
///
/// It is read by the one scanner, so it holds nothing that the scanner refuses: no entities, no
/// document types, no more elements and levels than the limits say.
public struct XMLTree: Sendable {
  /// One element.
  public struct Element: Sendable {
    /// Its name, without the prefix.
    public fileprivate(set) var name: [UInt8]
    /// Its prefix; empty for none.
    public fileprivate(set) var prefix: [UInt8]
    /// The name of its namespace; empty for none.
    public fileprivate(set) var namespace: [UInt8]
    /// Its attributes in their order, those that bind prefixes left out.
    public fileprivate(set) var attributes: [Attribute] = []
    /// The places of the elements in it, in their order.
    public fileprivate(set) var children: [Int] = []
    /// The text in it, of all pieces together; of one with elements in it, that between them.
    public fileprivate(set) var text: [UInt8] = []
    fileprivate let parent: Int
  }

  /// One attribute.
  public struct Attribute: Sendable {
    /// Its name, without the prefix.
    public let name: [UInt8]
    /// Its prefix; empty for none.
    public let prefix: [UInt8]
    /// The name of its namespace; empty for none.
    public let namespace: [UInt8]
    /// Its value, references undone.
    public let value: [UInt8]
  }

  /// All elements in the order in which they begin; the first is the root.
  public private(set) var elements: [Element] = []

  /// Reads a whole text.
  public init(_ text: Span<UInt8>, limits: XMLLimits = XMLLimits()) throws(XMLFault) {
    var scanner = XMLScanner(limits: limits)
    var places = Places()
    try scanner.scan(text, into: &places)
    elements.reserveCapacity(places.elementCount)
    var inner = -1
    for event in places.events {
      switch event {
      case .begin(let name, let namespace, let count):
        var element = Element(
          name: XMLTree.local(text, name), prefix: XMLTree.prefix(text, name),
          namespace: XMLTree.copy(text, namespace), parent: inner)
        for attribute in places.attributes[count] { XMLTree.add(attribute, text, to: &element) }
        if inner >= 0 { elements[inner].children.append(elements.count) }
        inner = elements.count
        elements.append(element)
      case .end: inner = elements[inner].parent
      case .text(let range, let hasReferences):
        XMLTree.append(text, range, undoing: hasReferences, to: &elements[inner].text)
      }
    }
  }

  private static func add(
    _ attribute: XMLAttribute, _ text: Span<UInt8>, to element: inout Element
  ) {
    let name = local(text, attribute.name)
    let prefix = prefix(text, attribute.name)
    let binds = Array("xmlns".utf8)
    if prefix == binds || prefix.isEmpty && name == binds { return }
    var value: [UInt8] = []
    append(text, attribute.value, undoing: true, isAttribute: true, to: &value)
    element.attributes.append(
      Attribute(
        name: name, prefix: prefix, namespace: copy(text, attribute.namespace), value: value))
  }

  // MARK: Names and texts

  private static func copy(_ text: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(range.count)
    for at in range { bytes.append(text[at]) }
    return bytes
  }

  private static func colon(_ text: Span<UInt8>, _ name: Range<Int>) -> Int? {
    for at in name where text[at] == UInt8(ascii: ":") { return at }
    return nil
  }

  private static func local(_ text: Span<UInt8>, _ name: Range<Int>) -> [UInt8] {
    copy(text, (colon(text, name).map { $0 + 1 } ?? name.lowerBound)..<name.upperBound)
  }

  private static func prefix(_ text: Span<UInt8>, _ name: Range<Int>) -> [UInt8] {
    copy(text, name.lowerBound..<(colon(text, name) ?? name.lowerBound))
  }

  /// Appends a text: ends of lines are one newline each (XML 1.0 §2.11), white space of an
  /// attribute is spaces (§3.3.3), and references are what they stand for.
  private static func append(
    _ text: Span<UInt8>, _ range: Range<Int>, undoing hasReferences: Bool,
    isAttribute: Bool = false, to output: inout [UInt8]
  ) {
    var at = range.lowerBound
    while at < range.upperBound {
      var byte = text[at]
      at += 1
      if byte == UInt8(ascii: "&"), hasReferences {
        at = append(referenceAt: at, text, to: &output)
        continue
      }
      if byte == 0x0D {
        byte = 0x0A
        if at < range.upperBound, text[at] == 0x0A { at += 1 }
      }
      if isAttribute, byte == 0x09 || byte == 0x0A { byte = 0x20 }
      output.append(byte)
    }
  }

  /// Appends what a reference stands for, whose text begins at `start`; returns where it ends.
  private static func append(
    referenceAt start: Int, _ text: Span<UInt8>, to output: inout [UInt8]
  ) -> Int {
    var at = start
    while text[at] != UInt8(ascii: ";") { at += 1 }
    let name = text.extracting(start..<at)
    if name[0] == UInt8(ascii: "#") {
      let isHexadecimal = name[1] == UInt8(ascii: "x")
      var scalar: UInt32 = 0
      for place in (isHexadecimal ? 2 : 1)..<name.count {
        let digit = UInt32(ASCII.hexValue(name[place]) ?? 0)
        scalar = scalar &* (isHexadecimal ? 16 : 10) &+ digit
      }
      if let scalar = Unicode.Scalar(scalar), let bytes = UTF8.encode(scalar) {
        output.append(contentsOf: bytes)
      }
    } else if ASCII.equals(name, "amp") {
      output.append(UInt8(ascii: "&"))
    } else if ASCII.equals(name, "lt") {
      output.append(UInt8(ascii: "<"))
    } else if ASCII.equals(name, "gt") {
      output.append(UInt8(ascii: ">"))
    } else if ASCII.equals(name, "quot") {
      output.append(UInt8(ascii: "\""))
    } else {
      output.append(UInt8(ascii: "'"))
    }
    return at + 1
  }

  /// What a text holds, by places.
  private struct Places: XMLSink {
    enum Event {
      case begin(name: Range<Int>, namespace: Range<Int>, attributes: Range<Int>)
      case end
      case text(Range<Int>, hasReferences: Bool)
    }

    var events: [Event] = []
    var attributes: [XMLAttribute] = []
    var elementCount = 0

    mutating func begin(name: Range<Int>, namespace: Range<Int>, _ own: [XMLAttribute]) {
      let first = attributes.count
      attributes += own
      elementCount += 1
      events.append(
        .begin(name: name, namespace: namespace, attributes: first..<attributes.count))
    }

    mutating func end() { events.append(.end) }

    mutating func text(_ range: Range<Int>) { events.append(.text(range, hasReferences: false)) }

    mutating func references(_ range: Range<Int>) {
      events.append(.text(range, hasReferences: true))
    }
  }
}
