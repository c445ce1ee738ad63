import Formats
import Testing

@Suite struct JSONRewriteTests {
  private static let text = #" { "a" : 1, "b\n" : [ 2 , {"c":"x"} , [] ], "d" : {} } "#

  /// The places of the values: the root 0, `a` 2, `b` 4, `2` 5, the object 6, `c` 8, `[]` 9, `d` 11.
  private func rewritten(_ change: (inout JSONRewrite) -> Void) throws -> String {
    var tape = JSONTape()
    try tape.read(JSONRewriteTests.text.utf8.span)
    var rewrite = JSONRewrite()
    change(&rewrite)
    let bytes = rewrite.applied(to: JSONRewriteTests.text.utf8.span, tape)
    _ = try JSONValue(parsing: bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func `What is not changed stays as it is written, without space`() throws {
    #expect(try rewritten { _ in } == #"{"a":1,"b\n":[2,{"c":"x"},[]],"d":{}}"#)
  }

  @Test(arguments: [
    ([2], #"{"b\n":[2,{"c":"x"},[]],"d":{}}"#), ([4], #"{"a":1,"d":{}}"#),
    ([11], #"{"a":1,"b\n":[2,{"c":"x"},[]]}"#), ([5, 9], #"{"a":1,"b\n":[{"c":"x"}],"d":{}}"#),
    ([2, 4, 11], "{}"), ([8], #"{"a":1,"b\n":[2,{},[]],"d":{}}"#),
  ])
  func `Members and elements are left out with their commas`(
    places: [Int], text: String
  ) throws {
    #expect(try rewritten { for place in places { $0.remove(place) } } == text)
  }

  @Test func `Values are replaced whole, and strings are escaped`() throws {
    let text = try rewritten {
      $0.replace(4, by: Array("null".utf8))
      $0.replace(2, byString: Array("\"\n".utf8))
    }
    #expect(text == #"{"a":"\"\n","b\n":null,"d":{}}"#)
  }
}
