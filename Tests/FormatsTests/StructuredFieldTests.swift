import Formats
import Testing

@Suite struct StructuredFieldTests {
  @Test func `A dictionary has items and lists, each with parameters`() throws {
    let text = #"sig1=("@method" "@path";req);created=1618884473;keyid="a", b;x=?0, c=:aGk=:"#
    let members = try StructuredFieldParser.dictionary(text.utf8.span)
    #expect(members.map(\.key) == ["sig1", "b", "c"])
    guard case .list(let items, let parameters) = members[0].value else {
      Issue.record("no list")
      return
    }
    #expect(items[1].parameters == [.init("req", .boolean(true))])
    #expect(parameters.value("created") == .integer(1_618_884_473))
    #expect(
      members[1].value == .item(StructuredItem(.boolean(true), [.init("x", .boolean(false))])))
    #expect(members[2].value == .item(StructuredItem(.bytes([0x68, 0x69]))))
    #expect(StructuredFieldWriter.text(members) == text)
  }

  @Test(arguments: [
    "a=1,", ",", "a=(1", "a=(1 2", "a=(1,2)", "a==1", "A=1", "a=\"", "a=\"\\x\"",
    "a=:aGk:", "a=:aGk=", "a=1.", "a=1.1234", "a=1234567890123456", "a=-", "a=@1.5", "a=?2",
    "a=%\"%C3%BC\"", "a=%\"%c3\"", "a=1;;b", "a=(1)(2)", "a=\u{7F}", "a=1 b=2", "a=1\n", "1=a",
  ])
  func `What is no dictionary is refused`(text: String) {
    #expect(throws: StructuredFieldError.self) {
      try StructuredFieldParser.dictionary(text.utf8.span)
    }
  }

  @Test func `The last of two keys counts, in the place of the first`() throws {
    let members = try StructuredFieldParser.dictionary("a=1, b=2, a=3".utf8.span)
    #expect(members.map(\.key) == ["a", "b"])
    #expect(members[0].value == .item(StructuredItem(.integer(3))))
  }

  @Test func `What has no form is not written`() {
    #expect(StructuredFieldWriter.text(.string("ü")) == nil)
    #expect(StructuredFieldWriter.text(.token("a b")) == nil)
    #expect(StructuredFieldWriter.text(.integer(1_000_000_000_000_000)) == nil)
    #expect(StructuredFieldWriter.text(.decimal(thousandths: -1500)) == "-1.5")
    #expect(StructuredFieldWriter.text(.decimal(thousandths: 1)) == "0.001")
    #expect(StructuredFieldWriter.text(.display("ü\"")) == "%\"%c3%bc%22\"")
  }
}
