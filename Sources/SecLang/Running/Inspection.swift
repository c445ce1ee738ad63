public import Base

/// One request under the eyes of a set of rules: its parts, the forms they were brought into, and
/// what rules have noted. It is used again for the next request, and then allocates nothing.
public struct Inspection: ~Copyable, Sendable {
  /// A part of the request.
  struct Input {
    let kind: InputKind
    let name: Slice
    /// The text as it came.
    let text: Int32
    /// Where the results of its chains begin; -1 while all are the text itself.
    var forms: Int32 = -1
    /// The next of this kind; -1 behind the last.
    var next: Int32 = -1
  }

  /// A text that some part has in some form.
  struct Text {
    let slice: Slice
    let traits: TextTraits
    /// The text that holds the same words, if it is another one.
    var twin: Int32 = -1
    /// Where its bits begin; -1 before it was scanned.
    var bits: Int32 = -1
    /// What the detectors by structure said; nil before they were asked.
    var isQuery: Bool?
    var isMarkup: Bool?
  }

  /// A text in which a rule may find its pattern.
  struct Hit {
    let text: Int32
    let input: Int32
    /// The next of the same rule; -1 behind the last.
    var next: Int32 = -1
  }

  /// A value that rules have set.
  struct Value {
    var slice = Slice.empty
    var isSet = false
  }

  let set: RuleSet
  let limits: InspectionLimits
  var scratch: PatternScratch
  let matcher = Matcher()

  var bytes: [UInt8] = []
  var inputs: [Input] = []
  var texts: [Text] = []
  /// The text of each input by each chain; -1 for what was not asked for.
  var forms: [Int32] = []
  /// What rules may find, by rule, for those that are candidates.
  var hits: [Hit] = []
  var firstHit: [Int32]
  var lastHit: [Int32]
  /// The bits of the patterns that may match each text.
  var bits: [UInt64] = []
  var firstOfKind = [Int32](repeating: -1, count: InputKind.allCases.count)
  var lastOfKind = [Int32](repeating: -1, count: InputKind.allCases.count)
  var output: [UInt8] = []

  /// Values of the transaction, and those whose names were made while running.
  var values: [Value]
  var named: [(name: Slice, value: Slice)] = []
  var removed: [UInt64]
  var candidates: [UInt64]
  /// Rules, by their places, and what they do not look at.
  var exemptions: [(rules: [Int], selector: Selector)] = []
  var isOff = false

  /// What the rule before in a chain matched: texts and inputs.
  var matched: [(text: Int32, input: Int32)] = []
  var newlyMatched: [(text: Int32, input: Int32)] = []
  /// The rules that matched, in their order.
  public internal(set) var matches: [RuleMatch] = []
  /// Whether more was to be looked at than the limits allow.
  public internal(set) var isTooMuch = false

  /// What the content was read as: `URLENCODED`, `JSON`, `MULTIPART`, `XML`; empty for nothing.
  public var bodyProcessor: StaticString = ""
  /// Whether the content is not what its type says.
  public var hasBodyFault = false
  /// Whether a multipart body is not made as RFC 7578 says.
  public var hasMultipartFault = false
  /// The length of the content, and of the files in it.
  public var bodyBytes = 0
  public var fileBytes = 0
  /// The address of the client.
  public var client = IPAddress.unspecified

  /// Room for looking at requests by `set`; nil if memory is short.
  public init?(_ set: RuleSet, limits: InspectionLimits = InspectionLimits()) {
    guard let scratch = set.database.scratch() else { return nil }
    self.set = set
    self.limits = limits
    self.scratch = scratch
    values = [Value](repeating: Value(), count: set.slots.count)
    let words = (set.rules.count + 63) / 64
    removed = [UInt64](repeating: 0, count: words)
    candidates = removed
    firstHit = [Int32](repeating: -1, count: set.rules.count)
    lastHit = firstHit
  }

  /// Makes it ready for the next request.
  public mutating func clear() {
    bytes.removeAll(keepingCapacity: true)
    inputs.removeAll(keepingCapacity: true)
    texts.removeAll(keepingCapacity: true)
    forms.removeAll(keepingCapacity: true)
    hits.removeAll(keepingCapacity: true)
    bits.removeAll(keepingCapacity: true)
    named.removeAll(keepingCapacity: true)
    exemptions.removeAll(keepingCapacity: true)
    matches.removeAll(keepingCapacity: true)
    matched.removeAll(keepingCapacity: true)
    for kind in firstOfKind.indices {
      firstOfKind[kind] = -1
      lastOfKind[kind] = -1
    }
    for place in values.indices { values[place].isSet = false }
    for place in removed.indices {
      removed[place] = 0
      candidates[place] = 0
    }
    isOff = false
    isTooMuch = false
    bodyProcessor = ""
    hasBodyFault = false
    hasMultipartFault = false
    bodyBytes = 0
    fileBytes = 0
  }

  /// Adds a part of the request.
  public mutating func add(_ kind: InputKind, name: Span<UInt8>, _ text: Span<UInt8>) {
    guard inputs.count < limits.inputsMax, bytes.count + text.count <= limits.bytesMax else {
      isTooMuch = true
      return
    }
    let name = store(name)
    add(kind, name, addText(store(text)))
  }

  /// Adds a part that is called as another one is, with a text that is there already.
  private mutating func add(_ kind: InputKind, _ name: Slice, _ text: Int32) {
    let place = Int32(inputs.count)
    inputs.append(Input(kind: kind, name: name, text: text))
    let index = Int(kind.rawValue)
    if lastOfKind[index] < 0 {
      firstOfKind[index] = place
    } else {
      inputs[Int(lastOfKind[index])].next = place
    }
    lastOfKind[index] = place
  }

  /// The bytes of an input's name.
  public func name(ofInput place: Int) -> [UInt8] { Array(bytes[inputs[place].name.range]) }

  /// What part of the request an input is.
  public func kind(ofInput place: Int) -> InputKind { inputs[place].kind }

  /// How many parts there are.
  public var inputCount: Int { inputs.count }

  // MARK: Texts

  mutating func store(_ text: Span<UInt8>) -> Slice {
    let offset = bytes.count
    // Safety: the buffer is only read, and only within the call; the array copies it.
    unsafe text.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    return Slice(offset: offset, count: text.count)
  }

  mutating func addText(_ slice: Slice) -> Int32 {
    let table = set.traits
    let traits = TextTraits.of(bytes.span.extracting(slice.range), table.span)
    texts.append(Text(slice: slice, traits: traits))
    return Int32(texts.count - 1)
  }
}
