import Formats
import Testing

@Suite struct HostileYAMLTests {
  @Test func `An alias bomb is refused before it goes off`() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...20 {
      let alias = "*a\(level - 1)"
      text +=
        "a\(level): &a\(level) [" + Array(repeating: alias, count: 10).joined(separator: ", ")
        + "]\n"
    }
    let complaints = complaints(text)
    #expect(complaints.count == 1)
    #expect(
      complaints.first?.hasSuffix("aliases unfold to too many values, expected at most 8388608")
        == true)
  }

  @Test func `Aliases within reason are followed`() throws {
    let root = try #require(read("a: &x [1, 2]\nb: *x\nc: &y k\n*y : 1\n").0)
    #expect(root.value("b")?.elements.map(\.text) == ["1", "2"])
    #expect(root.value("k")?.text == "1")
  }

  @Test func `A chain of aliases does not get around the depth`() {
    var text = "a0: &a0 x\n"
    for level in 1...70 { text += "a\(level): &a\(level) [*a\(level - 1)]\n" }
    #expect(
      complaints(text) == [
        "test.yaml:65:12: too many levels within one another, expected at most 64"
      ])
  }

  @Test(arguments: ["[", "{a: ", "- ", "[\n", "? ", "{? "])
  func `A million levels are refused at the sixty-fifth`(opening: String) {
    let text = String(repeating: opening, count: 1_000_000)
    let found = complaints(text)
    #expect((1...64).contains(found.count))
    #expect(found.contains { $0.contains("too many levels") || $0.contains("invalid YAML") })
  }

  @Test func `Sixty-four levels are accepted`() {
    let text = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
    #expect(complaints(text) == [])
    #expect(complaints("[" + text + "]").count == 1)
  }

  @Test func `Directives are bounded, since each is compared with all others`() {
    let text = (0..<1_000_000).map { "%TAG !a\($0)! x:\n" }.joined() + "---\na: 1\n"
    #expect(
      complaints(text) == ["test.yaml:65:1: the file has too many directives, expected at most 64"])
  }

  @Test func `A hundred thousand unknown keys are counted, not all worded`() throws {
    let text = (0..<100_000).map { "key-\($0): x\n" }.joined()
    let (root, diagnostics) = read(text)
    var settings = Settings(try #require(root), in: diagnostics)
    for place in 0..<12 { _ = settings.node("known-\(place)") }
    settings.finish()
    #expect(diagnostics.errorCount == 100_000)
    #expect(diagnostics.sorted.count == Diagnostics.countMax)
  }

  @Test func `What is too large is refused`() {
    var limits = YAMLReader.Limits()
    limits.bytesMax = 10
    #expect(
      read("a: 12345678", limits: limits).1.description
        == "test.yaml:1:1: the file has 11 bytes, expected at most 10")
    limits = YAMLReader.Limits()
    limits.nodesMax = 5
    #expect(read("[1, 2, 3, 4]", limits: limits).0 != nil)
    #expect(
      read("[1, 2, 3, 4, 5]", limits: limits).1.description
        == "test.yaml:1:14: the file has too many values, expected at most 5")
  }

  // DOS-05.
  @Test func `A hundred thousand keys are compared in reasonable time`() throws {
    let text = (0..<100_000).map { "key-\($0): x\n" }.joined()
    let clock = ContinuousClock()
    var root: Node?
    let time = clock.measure { root = read(text + "key-7: y\n").0 }
    #expect(root == nil)
    #expect(time < .seconds(20))
    #expect(try #require(read(text).0).value("key-99999")?.text == "x")
  }

  @Test func `No change of a byte makes the reader fail`() {
    let good = Array(
      "a: &x [1, 'two', \"th\\u00e9\\n\"]\nb: {c: *x, d: !!str 5}\ne: |\n  text\nf: >-\n  g\n".utf8)
    var random = Pseudorandom(seed: 7)
    for _ in 0..<20_000 {
      var bytes = good
      for _ in 0...random.below(4) {
        let place = random.below(bytes.count)
        switch random.below(3) {
        case 0: bytes[place] = UInt8(random.below(256))
        case 1: bytes.remove(at: place)
        default: bytes.insert(UInt8(random.below(256)), at: place)
        }
      }
      let diagnostics = Diagnostics(file: "f")
      let root = YAMLReader().read(bytes, into: diagnostics)
      #expect((root == nil) == diagnostics.hasErrors)
      if let root { walk(root) }
    }
  }

  private func walk(_ node: Node) {
    _ = node.scalar
    node.elements.forEach(walk)
    guard node.kind == .mapping else { return }
    for place in 0..<node.count { walk(node.pair(place).value) }
  }
}

/// Numbers that look random and are the same on every run (SplitMix64).
struct Pseudorandom {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func below(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
  }
}
