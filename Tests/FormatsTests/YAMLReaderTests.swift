import Formats
import Testing

@Suite struct YAMLReaderTests {
  @Test func `Nodes know their kind, text and place`() throws {
    let root = try #require(read("a: 1\nb:\n  - x\n  - 'y z'\n").0)
    #expect(root.kind == .mapping)
    #expect(root.count == 2)
    #expect(root.value("a")?.text == "1")
    #expect(root.value("a")?.position == Position(line: 1, column: 4))
    let list = try #require(root.value("b"))
    #expect(list.position == Position(line: 3, column: 3))
    #expect(list.elements.map(\.text) == ["x", "y z"])
    #expect(list.element(1).position == Position(line: 4, column: 5))
    #expect(list.element(1).isQuoted)
    #expect(root.value("c") == nil)
    #expect(root.value("a")?.value("a") == nil)
  }

  @Test(arguments: [
    ("~", Scalar.null), ("null", .null), ("true", .boolean(true)), ("False", .boolean(false)),
    ("no", .text("no")), ("yes", .text("yes")), ("on", .text("on")), ("y", .text("y")),
    ("12", .integer(12)), ("-7", .integer(-7)), ("0x1F", .integer(31)), ("0o17", .integer(15)),
    ("1.10", .number(1.1)), ("1e3", .number(1000)), (".5", .number(0.5)),
    ("-.inf", .number(-.infinity)),
    ("1.2.3", .text("1.2.3")), ("12:30", .text("12:30")), ("1_000", .text("1_000")),
    ("0x", .text("0x")), ("0x-1", .text("0x-1")), ("+", .text("+")), (".", .text(".")),
    ("1e", .text("1e")), ("'12'", .text("12")), ("\"true\"", .text("true")),
    ("!!str 12", .text("12")),
    ("! 12", .text("12")), ("!!int '12'", .integer(12)), ("2001-01-01", .text("2001-01-01")),
    ("99999999999999999999", .number(1e20)),
  ])
  func `A scalar means what the core schema says`(text: String, scalar: Scalar) throws {
    let root = try #require(read("v: \(text)\n").0)
    #expect(root.value("v")?.scalar == scalar)
  }

  @Test func `A version number stays as written`() throws {
    #expect(try #require(read("version: 1.10").0).value("version")?.text == "1.10")
  }

  @Test(arguments: [
    ("", "test.yaml:1:1: the file is empty"),
    ("# only this\n", "test.yaml:1:1: the file is empty"),
    ("a: 1\n---\nb: 2\n", "test.yaml:2:1: a second document begins here, expected one document"),
    ("a: 1\nb: 2\na: 3\n", "test.yaml:3:1: 'a' is set twice, first in line 1"),
    ("a: 1\n\"a\": 3\n", "test.yaml:2:1: 'a' is set twice, first in line 1"),
    (
      "? [1, 2]\n: 3\n",
      "test.yaml:1:3: a list or mapping cannot be a key, expected a plain word"
    ),
    (
      "x: &x {a: 1}\n*x : 3\n",
      "test.yaml:2:1: a list or mapping cannot be a key, expected a plain word"
    ),
    (
      "x: &x {a: 1}\ny:\n  <<: *x\n",
      "test.yaml:3:3: merge keys are not supported, expected the keys themselves, written out"
    ),
    (
      "a: !!binary aGk=\n",
      "test.yaml:1:4: the tag '!!binary' is not supported, expected a plain value"
    ),
    ("a: !foo 1\n", "test.yaml:1:4: the tag '!foo' is not supported, expected a plain value"),
    (
      "a: !!set {b: 1}\n", "test.yaml:1:4: the tag '!!set' is not supported, expected a plain value"
    ),
    ("a: !!int x\n", "test.yaml:1:4: the value has not the form of its tag '!!int'"),
    ("a: *b\n", "test.yaml:1:4: the alias 'b' has no anchor before it"),
    ("a: &a [*a]\n", "test.yaml:1:8: the alias 'a' stands within its own anchor"),
    (
      "a: b: c\n", "test.yaml:1:5: invalid YAML: mapping values are not allowed in this context"
    ),
    ("a: [1, 2\n", "test.yaml:2:1: invalid YAML: did not find expected ',' or ']'"),
    (
      "a: { b: ${env:X} }\n",
      "test.yaml:1:10: invalid YAML: did not find expected ',' or '}', expected quotes around a "
        + "value with braces within [ ] or { }"
    ),
    (
      "a: 1\nb\u{7}: 2\n",
      "test.yaml:2:2: the file is no text: control characters are not allowed, expected UTF-8 "
        + "without control characters"
    ),
  ])
  func `What is refused is named with its place`(text: String, complaint: String) {
    #expect(complaints(text) == [complaint])
    #expect(read(text).0 == nil)
  }

  @Test func `Bytes that are no UTF-8 are refused where they stand`() {
    let diagnostics = Diagnostics(file: "f")
    #expect(YAMLReader().read(Array("a: 1\nb: é".utf8) + [0xFF], into: diagnostics) == nil)
    #expect(diagnostics.description.hasPrefix("f:2:5: the file is no text: "))
    let wide = Diagnostics(file: "f")
    #expect(YAMLReader().read([0xFF, 0xFE, 0x61, 0, 0x3A, 0, 0x20, 0, 0x31, 0], into: wide) == nil)
    #expect(wide.hasErrors)
  }

  @Test func `Several mistakes are reported at once`() {
    #expect(complaints("a: 1\na: 2\nb: !x 1\nc: *d\n").count == 3)
  }
}
