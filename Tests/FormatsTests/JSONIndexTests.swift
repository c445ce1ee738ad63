import Formats
import Testing

@Suite struct JSONIndexTests {
  private func fault(_ text: String) -> JSONFault.Kind? { fault(Array(text.utf8)) }

  private func fault(_ bytes: [UInt8]) -> JSONFault.Kind? {
    do throws(JSONFault) {
      _ = try JSONIndex(bytes)
      return nil
    } catch {
      return error.kind
    }
  }

  @Test func `Members, elements and single values are found`() throws {
    let text = #" {"a" : [1, {"b":null}, true], "c\u0064":"x\n\ud83d\ude00", "e":-0.5e1 , "f":{}} "#
    let root = try JSONIndex(Array(text.utf8)).root
    #expect(root.members.map(\.name) == ["a", "cd", "e", "f"])
    #expect(root["a"]?.elements.map(\.kind) == [.number, .object, .boolean])
    #expect(root["a"]?.elements[0].integer == 1)
    #expect(root["a"]?.elements[1]["b"]?.kind == .null)
    #expect(root["a"]?.elements[2].boolean == true)
    #expect(root["cd"]?.string == "x\n😀")
    #expect(root["e"]?.number == -5)
    #expect(root["e"]?.integer == nil)
    #expect(root["f"]?.members.isEmpty == true)
    #expect(root["g"] == nil)
    #expect(root["a"]?["b"] == nil)
  }

  @Test(arguments: [
    "", " ", "{", "}", "[", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "{\"a\"}", "{\"a\":}",
    "{\"a\":1,}", "{,}", "{a:1}", "{'a':1}", "01", "-", "+1", "1.", ".1", "1e", "1e+", "0x1",
    "NaN", "Infinity", "-Infinity", "tru", "nul", "True", "\"", "\"\\", "\"\\x\"", "\"\\u12\"",
    "\"\\u12g4\"", "\"\n\"", "\"\u{0}\"", "1 2", "{} {}", "{}x", "[1]\u{0}", "// x\n1", "\u{FEFF}1",
  ]) func `What is no JSON is refused`(text: String) {
    #expect(fault(text) == .syntax)
  }

  @Test func `What is no UTF-8, or half a character, is refused`() {
    #expect(fault([0x22, 0xFF, 0x22]) == .encoding)
    #expect(fault([0x22, 0xC0, 0x80, 0x22]) == .encoding)
    #expect(fault([0x22, 0xED, 0xA0, 0x80, 0x22]) == .encoding)
    for text in [#""\ud800""#, #""\udc00""#, #""\ud800x""#, #""\ud800\u0041""#] {
      #expect(fault(text) == .encoding)
    }
  }

  @Test func `A name twice is taken where the limits say so, and the first is found`() throws {
    var limits = JSONIndex.Limits()
    limits.takesRepeatedNames = true
    let root = try JSONIndex(Array(#"{"a":1,"\u0061":2}"#.utf8), limits: limits).root
    #expect(root.members.count == 2)
    #expect(root["a"]?.integer == 1)
  }

  @Test func `Two members of one name are refused, however they are written`() {
    #expect(fault(#"{"a":1,"a":1}"#) == .duplicateName)
    #expect(fault(#"{"a":1,"\u0061":1}"#) == .duplicateName)
    #expect(fault(#"[{"x":{"a":1,"b":2,"a":1}}]"#) == .duplicateName)
    #expect(fault(#"{"a":{"a":{"a":1}}}"#) == nil)
    let many = (0..<100).map { "\"\($0)\":0" }
    #expect(fault("{" + many.joined(separator: ",") + "}") == nil)
    #expect(fault("{" + (many + ["\"50\":0"]).joined(separator: ",") + "}") == .duplicateName)
  }

  // DOS-11.
  @Test func `Depth and number of values are bounded`() {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(fault(nested(32)) == nil)
    #expect(fault(nested(33)) == .tooLarge)
    #expect(fault(String(repeating: "[", count: 100_000)) == .tooLarge)
    #expect(
      fault("[" + Array(repeating: "1", count: 20_000).joined(separator: ",") + "]") == .tooLarge)
    #expect(fault([UInt8](repeating: 0x20, count: 300_000)) == .tooLarge)
  }
}
