import Formats
import Testing

@Suite struct JSONValueTests {
  @Test func `A tree keeps the order of members and what stands in them`() throws {
    let text = #"{"b":[1,[],{},"x"],"a":{"c":null,"d":true},"e":1.50,"f":-7,"g":{"h":[[2]]}}"#
    let value = try JSONValue(parsing: text)
    #expect(value.members.map(\.name) == ["b", "a", "e", "f", "g"])
    #expect(value["b"]?[0]?.integer == 1)
    #expect(value["b"]?[3]?.string == "x")
    #expect(value["b"]?[4] == nil)
    #expect(value["a"]?["d"]?.boolean == true)
    #expect(value["a"]?["c"]?.isNull == true)
    #expect(value["e"]?.double == 1.5)
    #expect(value.serialized == text.replacing("1.50", with: "1.5"))
  }

  @Test func `Values are equal by what they mean, not by how they are written`() throws {
    #expect(try JSONValue(parsing: "[1.0, 1e2, -0]") == [1, 100, 0])
    #expect(try JSONValue(parsing: #"{"a":1,"b":2}"#) == JSONValue(parsing: #"{"b":2,"a":1}"#))
    #expect(try JSONValue(parsing: #"{"a":1}"#) != JSONValue(parsing: #"{"a":1,"b":2}"#))
    #expect(try JSONValue(parsing: "9007199254740993") != JSONValue(parsing: "9007199254740992.0"))
    #expect(try JSONValue(parsing: "1e400") != JSONValue(parsing: "2e400"))
    #expect(JSONValue.boolean(true) != 1)
    let values: Set<JSONValue> = try [JSONValue(parsing: "1.0"), 1, JSONValue(parsing: "10e-1")]
    #expect(values.count == 1)
  }

  @Test func `Texts that only look alike are different`() throws {
    let composed: JSONValue = "\u{E9}"
    let decomposed: JSONValue = "e\u{301}"
    #expect(composed != decomposed)
    let object = try JSONValue(parsing: "{\"\u{E9}\":1,\"e\u{301}\":2}")
    #expect(object["\u{E9}"] == 1)
    #expect(object["e\u{301}"] == 2)
  }

  @Test func `Members of large objects are found, changed and taken away`() {
    var object = JSONObject((0..<2000).map { JSONMember("n\($0)", .integer($0)) })
    for number in stride(from: 0, to: 2000, by: 37) {
      #expect(object["n\(number)"] == .integer(number))
    }
    #expect(object["n2000"] == nil)
    object["n2000"] = "new"
    object["n5"] = nil
    object["n6"] = "other"
    #expect(object["n2000"] == "new")
    #expect(object["n5"] == nil)
    #expect(object["n6"] == "other")
    #expect(object.count == 2000)
  }

  @Test func `The deepest text that is taken makes a tree`() throws {
    var limits = JSONLimits()
    limits.depthMax = .max
    let depth = JSONLimits.depthBound
    let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    #expect(try JSONValue(parsing: text, limits: limits).serialized == text)
  }

  @Test(arguments: [
    ("0", "0"), ("-0.0", "0"), ("10", "10"), ("1e2", "100"), ("0.1e1", "1"), ("12.50", "12.5"),
    ("1e21", "1e21"), ("1.5e-9", "1.5e-9"), ("-123.456e1", "-1234.56"), ("0.00001", "0.00001"),
    (
      "123456789012345678901234567890123456789012345",
      "123456789012345678901234567890123456789012345"
    ),
    (
      "1234567890123456789012345678901234567890.1",
      "1234567890123456789012345678901234567890.1"
    ),
    (
      "1.234567890123456789012345678901234567890e50",
      "123456789012345678901234567890123456789e12"
    ),
  ]) func `Numbers are written the same way however they came`(text: String, wanted: String) {
    #expect(JSONNumber(text: text.utf8.span).description == wanted)
  }

  @Test func `A number that was read is never written too long to be read again`() throws {
    let limit = JSONLimits().numberBytesMax
    for count in [39, 240, 249, 250, 251, 252, 253, 254, 255, 256] {
      let digits = (0..<count).map { "\($0 % 9 + 1)" }.joined()
      let ends = ["", "e1", "e9", "e10", "e-3", "e-300", ".5", "0", "00"]
      let starts = ["-", "0.", "0.00", "0.000", "1.", "-1."]
      let texts = ends.map { digits + $0 } + starts.map { $0 + digits }
      for text in texts where text.utf8.count <= limit {
        let number = JSONNumber(text: text.utf8.span)
        let again = number.description
        #expect(again.utf8.count <= limit, "\(text)")
        #expect(try JSONValue(parsing: again) == JSONValue(parsing: text))
      }
    }
  }

  @Test(arguments: ["a/b", "/\u{341}", "~\u{301}/\u{20DD}", "~1", "", "é/"])
  func `A pointer's text leads to the same names, whatever stands in them`(name: String) {
    let text = JSONPointer([name, "x"]).description
    #expect(JSONPointer(text)?.tokens.map { Array($0.utf8) } == [Array(name.utf8), [0x78]])
  }

  @Test func `Numbers are compared exactly`() {
    let ascending = [
      "-1e400", "-10", "-9.99", "-1e-400", "0", "1e-400", "0.1", "1",
      "98249283749234923498293171823948729348710298301928331",
      "98249283749234923498293171823948729348710298301928332", "1e400",
    ].map { JSONNumber(text: $0.utf8.span) }
    for (place, number) in ascending.enumerated() {
      for (other, second) in ascending.enumerated() {
        #expect((number < second) == (place < other))
        #expect((number == second) == (place == other))
      }
    }
    #expect(JSONNumber(text: "9223372036854775807".utf8.span).integer == .max)
    #expect(JSONNumber(text: "-9223372036854775808".utf8.span).integer == .min)
    #expect(JSONNumber(text: "9223372036854775808".utf8.span).integer == nil)
    #expect(JSONNumber(text: "1.5".utf8.span).integer == nil)
    #expect(JSONNumber(.min).integer == .min)
  }

  @Test func `Exponents beyond all bounds are one, however they are written`() {
    for text in ["67890e99999999999999999999", "1e-99999999999999999999", "0.001e-1099511627776"] {
      let number = JSONNumber(text: text.utf8.span)
      #expect(JSONNumber(text: number.description.utf8.span) == number, "\(text)")
    }
  }

  @Test(arguments: [
    ("10", "5", true), ("7", "2", false), ("0.0075", "0.0001", true), ("0.00751", "0.0001", false),
    ("4.5", "1.5", true), ("1e308", "0.123456789", false), ("1e308", "0.5", true),
    ("0", "3", true), ("3", "0", false), ("1e-8", "1e-8", true), ("35", "1.5", false),
    ("12391239123", "1e-8", true),
    ("1000000000000000000000000000000000000000000000000003", "3", false),
    ("1000000000000000000000000000000000000000000000000002", "3", true), ("-9", "3", true),
    ("1e1000000000", "7", false), ("1e1000000000", "8", true), ("1e-1000000000", "8", false),
  ]) func `Multiples are exact`(number: String, divisor: String, isMultiple: Bool) {
    let left = JSONNumber(text: number.utf8.span)
    let right = JSONNumber(text: divisor.utf8.span)
    #expect(left.isMultiple(of: right) == isMultiple)
  }

  // RFC 6901 §5.
  @Test(arguments: [
    ("/foo", #"["bar","baz"]"#), ("/foo/0", #""bar""#), ("/", "0"), ("/a~1b", "1"), ("/c%d", "2"),
    ("/e^f", "3"), ("/g|h", "4"), ("/i\\j", "5"), ("/k\"l", "6"), ("/ ", "7"), ("/m~0n", "8"),
  ]) func `Pointers lead where the examples of the RFC say`(text: String, wanted: String) throws {
    let document = try JSONValue(
      parsing:
        #"{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8}"#
    )
    let pointer = try #require(JSONPointer(text))
    #expect(document[pointer] == (try JSONValue(parsing: wanted)))
    #expect(pointer.description == text)
    #expect(document[JSONPointer()] == document)
  }

  @Test func `Pointers that are none, or lead nowhere, are told`() throws {
    for text in ["foo", "/~", "/~2", "#/a"] { #expect(JSONPointer(text) == nil) }
    #expect(JSONPointer(fragment: "/%7Ea")?.tokens == nil)
    #expect(JSONPointer(fragment: "/a%20b%2Fc")?.tokens == ["a b", "c"])
    #expect(JSONPointer(fragment: "/%ff") == nil)
    #expect(JSONPointer(fragment: "/%f") == nil)
    let value = try JSONValue(parsing: #"{"a":[1,2]}"#)
    for text in ["/a/2", "/a/01", "/a/-", "/b", "/a/0/x"] {
      #expect(value[try #require(JSONPointer(text))] == nil)
    }
  }

  @Test func `JSON becomes nodes with places`() throws {
    let text = "{\n  \"a\": [1, \"t\\u0072ue\", true, null, {}],\n  \"é\": {\"b\": 1.5}}"
    let diagnostics = Diagnostics(file: "f")
    let root = try #require(JSONDocumentReader().read(Array(text.utf8), into: diagnostics))
    let list = try #require(root.value("a"))
    #expect(list.elements.map(\.text) == ["1", "true", "true", "null", nil])
    #expect(list.element(1).isQuoted)
    #expect(list.element(2).scalar == .boolean(true))
    #expect(list.element(3).isNull)
    #expect(list.element(4).kind == .mapping)
    #expect(root.value("é")?.value("b")?.scalar == .number(1.5))
    #expect(root.value("é")?.position == Position(line: 3, column: 8))
    #expect(list.element(1).position == Position(line: 2, column: 12))
  }

  @Test func `What is wrong with a document is said with its place`() {
    let diagnostics = Diagnostics(file: "f.json")
    #expect(JSONDocumentReader().read(Array("{\n \"a\": }".utf8), into: diagnostics) == nil)
    #expect(diagnostics.description == "f.json:2:7: invalid JSON: no value where one is expected")
  }
}
