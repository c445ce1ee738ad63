import Formats
import Testing

@Suite struct XMLScannerTests {
  /// What is wrong with a text; empty for nothing.
  private static func fault(_ text: [UInt8], _ limits: XMLLimits = XMLLimits()) -> String {
    var scanner = XMLScanner(limits: limits)
    do throws(XMLFault) {
      try scanner.check(text.span)
      return ""
    } catch {
      if error.offset > text.count { Issue.record("a place beyond the text") }
      return "\(error.detail)"
    }
  }

  @Test(arguments: [
    "<a/>", "<a></a>", " <a> x </a>\n", "<?xml version=\"1.0\" encoding='UTF-8'?><a/>",
    "<a b='1' c=\"&lt;&#65;&#x1F600;\">&amp;</a>", "<a><![CDATA[<b>&x;]]></a>",
    "<!-- one --><a/><!-- two -->", "<a xmlns='u' xmlns:p='v'><p:b p:c='1'/></a>",
    "<é>ü</é>", "<a\u{B7}\u{301}/>", "<a xml:lang='en'/>", "\u{FEFF}<a/>", "<a.b-c_1/>",
  ])
  func `What is well-formed passes`(text: String) {
    #expect(XMLScannerTests.fault(Array(text.utf8)) == "")
  }

  // DOS-12.
  @Test(arguments: [
    ("", "syntax"), ("x", "syntax"), ("<a>", "syntax"), ("<a/><b/>", "syntax"), ("<a/>x", "syntax"),
    ("<a></b>", "unbalanced"), ("</a>", "unbalanced"), ("<a><b></a></b>", "unbalanced"),
    ("<a b='1' b='2'/>", "repeatedAttribute"), ("<a b=1/>", "syntax"), ("<a b/>", "syntax"),
    ("<a b='<'/>", "syntax"), ("<a b='1'c='2'/>", "syntax"), ("<1/>", "syntax"),
    ("<a:/>", "syntax"),
    ("<\u{D7}/>", "syntax"), ("<\u{301}a/>", "syntax"), ("<a \u{B7}='1'/>", "syntax"),
    ("<a:\u{B7}/>", "syntax"), ("<a\u{F7}/>", "syntax"),
    ("<!DOCTYPE a><a/>", "documentType"), ("<!doctype a><a/>", "documentType"),
    ("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", "documentType"),
    ("<a>&x;</a>", "entity"), ("<a b='&x;'/>", "entity"), ("<a>& </a>", "entity"),
    ("<?php echo 1 ?><a/>", "instruction"), ("<a><?x y?></a>", "instruction"),
    ("<?xml version='1.1'?><a/>", "declaration"), (" <?xml version='1.0'?><a/>", "instruction"),
    ("<?xml version='1.0' encoding='utf-7'?><a/>", "declaration"),
    ("<?xml version='1.0' encoding='UTF-16'?><a/>", "declaration"),
    ("<?xml version='1.0'encoding='UTF-8'?><a/>", "declaration"),
    ("<?xml encoding='UTF-8'?><a/>", "declaration"), ("<a>]]></a>", "syntax"),
    ("<!-- a -- b --><a/>", "syntax"), ("<a>&#0;</a>", "encoding"), ("<a>&#xD800;</a>", "encoding"),
    ("<a>&#;</a>", "syntax"), ("<a>&#12a;</a>", "syntax"), ("<a>\u{1}</a>", "encoding"),
    ("<a>\u{FFFE}</a>", "encoding"), ("<p:a/>", "unboundPrefix"), ("<a p:b='1'/>", "unboundPrefix"),
    ("<a><b xmlns:p='u'/><p:c/></a>", "unboundPrefix"), ("<a xmlns:p=''/>", "unboundPrefix"),
  ])
  func `What is not, or is dangerous, is refused`(text: String, fault: String) {
    #expect(XMLScannerTests.fault(Array(text.utf8)) == fault)
  }

  @Test(
    arguments: [
      [0x3C, 0x61, 0x3E, 0xC0, 0x80], [0xFF, 0xFE, 0x3C, 0],
      [
        0x3C, 0x61, 0x3E, 0xED,
        0xA0, 0x80,
      ], [0, 0x3C, 0, 0x61],
    ] as [[UInt8]])
  func `Text in no UTF-8 is refused`(bytes: [UInt8]) {
    #expect(XMLScannerTests.fault(bytes) == "encoding")
  }

  @Test func `Everything has a limit`() {
    func nested(_ count: Int) -> [UInt8] {
      Array((String(repeating: "<a>", count: count) + String(repeating: "</a>", count: count)).utf8)
    }
    #expect(XMLScannerTests.fault(nested(64)) == "")
    #expect(XMLScannerTests.fault(nested(65)) == "depth")
    #expect(XMLScannerTests.fault(nested(100_000)) == "depth")
    let many = "<a>" + String(repeating: "<b/>", count: 16_384) + "</a>"
    #expect(XMLScannerTests.fault(Array(many.utf8)) == "elements")
    let wide = "<a " + (0..<65).map { "b\($0)='' " }.joined() + "/>"
    #expect(XMLScannerTests.fault(Array(wide.utf8)) == "attributes")
    let bound = { (count: Int) in
      Array(("<a " + (0..<count).map { "xmlns:b\($0)='u' " }.joined() + "/>").utf8)
    }
    #expect(XMLScannerTests.fault(bound(32)) == "")
    #expect(XMLScannerTests.fault(bound(33)) == "prefixes")
    let long = "<" + String(repeating: "a", count: 257) + "/>"
    #expect(XMLScannerTests.fault(Array(long.utf8)) == "name")
  }
}
