import Formats
import Testing

@Suite struct JSONScannerTests {
  private func fault(_ text: String, limits: JSONLimits = JSONLimits()) -> JSONFault? {
    var scanner = JSONScanner(limits: limits)
    do throws(JSONFault) {
      try scanner.check(Array(text.utf8).span)
      return nil
    } catch {
      return error
    }
  }

  /// What comes of feeding a text in pieces of `size` bytes, as a body arrives.
  private func pieces(_ bytes: [UInt8], size: Int) -> JSONFault? {
    var scanner = JSONScanner()
    var left: [UInt8] = []
    var at = 0
    do throws(JSONFault) {
      while true {
        let end = min(at + size, bytes.count)
        left += bytes[at..<end]
        at = end
        let done = try scanner.check(left.span, isLast: at == bytes.count)
        left.removeFirst(done)
        if at == bytes.count { return nil }
      }
    } catch {
      return error
    }
  }

  @Test(arguments: [
    (#"{"a":1,}"#, JSONFault.Detail.expectedName, 7), ("[1 2]", .expectedCommaOrBracket, 3),
    (#"{"a" 1}"#, .expectedColon, 5), (#"{"a":1 "b"}"#, .expectedCommaOrBrace, 7),
    ("", .expectedValue, 0), ("  ", .expectedValue, 2), ("[", .unfinishedText, 1),
    ("[1] x", .expectedEnd, 4), ("[01]", .leadingZero, 1), ("[1.]", .expectedDigit, 3),
    (#"["ab"#, .unfinishedString, 1), ("[\"a\u{1}\"]", .controlCharacter, 3),
    (#"["\x"]"#, .unknownEscape, 2), (#"["\ud800"]"#, .loneSurrogate, 2),
    ("\u{FEFF}[]", .byteOrderMark, 0), (#"{"a":1,"a":2}"#, .duplicateName, 7),
    (#"{"a":1,"\u0061":2}"#, .duplicateName, 7), ("[nul]", .expectedValue, 1),
  ]) func `A fault says what was expected, and where`(
    text: String, detail: JSONFault.Detail, offset: Int
  ) {
    let found = fault(text)
    #expect(found?.detail == detail)
    #expect(found?.offset == offset)
  }

  @Test func `A fault has line and column, in characters`() {
    let text = "{\n  \"äö\": 1,\n  \"äö\": 2\n}"
    let found = fault(text)
    let position = found?.position(in: Array(text.utf8).span)
    #expect(position == Position(line: 3, column: 3))
  }

  @Test func `Each limit holds, and one less is taken`() {
    func refusal(_ text: String, _ set: (inout JSONLimits) -> Void) -> JSONFault.Detail? {
      var limits = JSONLimits()
      set(&limits)
      return fault(text, limits: limits)?.detail
    }
    #expect(refusal("[1,2,3]") { $0.bytesMax = 6 } == .bytes)
    #expect(refusal("[1,2,3]") { $0.bytesMax = 7 } == nil)
    #expect(refusal("[1,2,3]") { $0.valuesMax = 3 } == .values)
    #expect(refusal("[1,2,3]") { $0.valuesMax = 4 } == nil)
    #expect(refusal("[[[]]]") { $0.depthMax = 2 } == .depth)
    #expect(refusal("[[[]]]") { $0.depthMax = 3 } == nil)
    #expect(refusal(#"{"a":1,"b":2}"#) { $0.membersMax = 1 } == .members)
    #expect(refusal(#"{"a":1,"b":2}"#) { $0.membersMax = 2 } == nil)
    #expect(refusal(#"["abc"]"#) { $0.stringBytesMax = 2 } == .stringBytes)
    #expect(refusal(#"["abc"]"#) { $0.stringBytesMax = 3 } == nil)
    #expect(refusal(#"{"abc":1}"#) { $0.stringBytesMax = 2 } == .stringBytes)
    #expect(refusal("[12.5]") { $0.numberBytesMax = 3 } == .numberBytes)
    #expect(refusal("[12.5]") { $0.numberBytesMax = 4 } == nil)
    #expect(refusal(#"{"a":1,"a":2}"#) { $0.takesRepeatedNames = true } == nil)
  }

  @Test(arguments: ["e", "e+", ".", ".x", "ex", ".5e", "1", "e9", "", "x"])
  func `A number that is too long is that, in pieces as in one, whatever follows`(end: String) {
    for count in 253...260 {
      let text = "[" + String(repeating: "7", count: count) + end + "]"
      let whole = fault(text)
      for size in [1, 7, 64] { #expect(pieces(Array(text.utf8), size: size) == whole) }
      if count > 256 { #expect(whole == fault("[" + String(repeating: "7", count: count) + "]")) }
    }
  }

  @Test func `No more levels can be asked for than there is room for`() {
    var limits = JSONLimits()
    limits.depthMax = .max
    limits.valuesMax = .max
    let bound = JSONLimits.depthBound
    func nested(_ depth: Int) -> String {
      String(repeating: "[{\"a\":", count: depth / 2) + "1"
        + String(repeating: "}]", count: depth / 2)
    }
    #expect(fault(nested(bound), limits: limits) == nil)
    #expect(fault(nested(bound + 2), limits: limits)?.detail == .depth)
  }

  @Test func `A text in pieces of any size is judged as the whole is`() {
    let sound =
      #"{"a": [1, -2.5e+3, true, null], "bé\n\ud83d\ude00x": "long enough for words ü €"}"#
    let texts = [
      sound, sound + " ", sound + "x", #"["\ud83d"]"#, #"["\ud83dx"]"#, "[12e]", "[tru]", "nul",
      "12", " \n[ 0 ]\t", "[\"\u{7F}\u{80}\"]", #"{"name":1,"na\u006de":2}"#,
    ]
    for text in texts {
      let bytes = Array(text.utf8)
      let whole = fault(text)
      for size in 1...bytes.count {
        let found = pieces(bytes, size: size)
        #expect(found == whole, "\(text) in pieces of \(size)")
      }
    }
    let broken: [UInt8] = [0x5B, 0x22, 0xE2, 0x82, 0x22, 0x5D]
    for size in 1...6 { #expect(pieces(broken, size: size)?.detail == .notUTF8) }
  }

  @Test func `A string in many pieces is held to its limit`() {
    let bytes = Array("\"".utf8) + [UInt8](repeating: 0x61, count: 300_000)
    #expect(pieces(bytes, size: 4096)?.kind == .tooLarge)
  }

  // DOS-05.
  @Test func `Names of many members are compared too, in nested objects each for itself`() {
    let inner = "{" + (0..<40).map { "\"k\($0)\":0" }.joined(separator: ",") + "}"
    let outer = (0..<100).map { "\"k\($0)\":\(inner)" }
    #expect(fault("{" + outer.joined(separator: ",") + "}") == nil)
    let twice = fault("{" + (outer + ["\"k99\":0"]).joined(separator: ",") + "}")
    #expect(twice?.detail == .duplicateName)
    #expect(fault("[" + inner + "," + inner + "]") == nil)
  }

  @Test func `A scanner is used again, and keeps nothing of the text before`() {
    var scanner = JSONScanner()
    func check(_ text: String) -> Bool { (try? scanner.check(Array(text.utf8).span)) != nil }
    #expect(!check(#"[{"a":1,"#))
    #expect(check(#"{"a":1}"#))
    #expect(!check(#"["unfinished"#))
    #expect(check(#"["unfinished"]"#))
    #expect(!check("]"))
  }
}
