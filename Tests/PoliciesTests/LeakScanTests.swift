import Formats
import Testing

@testable import Policies

@Suite struct LeakScanTests {
  private let all = LeakScan(Set(LeakScan.Kind.allCases))

  private func names(_ text: String) -> [String] { all.leaks(in: text.utf8.span).map(\.name) }

  @Test(arguments: [
    ("key AKIAIOSFODNN7EXAMPLE.", ["AWS key"]), ("xAKIAIOSFODNN7EXAMPLE", []), ("AKIA short", []),
    ("-----BEGIN RSA PRIVATE KEY-----\\nMII", ["private key"]),
    ("-----BEGIN CERTIFICATE-----", []), ("-----BEGIN PUBLIC KEY-----", []),
    ("postgres://app:pw@db/x", ["database address with a password"]),
    ("postgres://db.internal/x", []), ("https://user:pw@host", []),
    ("$2b$12$abc", ["password hash"]), ("it costs $2 and $6", []),
    ("\\tat com.acme.A.b(A.java:12)\\n", ["Java trace"]), ("see A.java: it is short", []),
    ("at f (/app/x.js:10:5)", ["JavaScript trace"]), ("x.js is a file, y.js: too", []),
    ("goroutine 12 [running]:", ["Go trace"]), ("a goroutine is light", []),
    ("ORA-00942: table", ["database error"]), ("AURORA-12345", []),
    ("4111 1111 1111 1111", ["card number"]), ("4111111111111112", []),
    ("order 9111111111111111", []), ("5500-0000-0000-0004", ["card number"]),
    ("0.4111111111111111", []), ("", []), ("A", []),
  ])
  func `What must not get out is told from what looks like it`(text: String, found: [String]) {
    #expect(names(text) == found)
  }

  @Test func `Only the kinds that are asked for are looked for`() {
    let scan = LeakScan([.traces])
    #expect(scan.leaks(in: "AKIAIOSFODNN7EXAMPLE 4111111111111111".utf8.span).isEmpty)
    #expect(scan.leaks(in: "SQLSTATE[42S02]".utf8.span).map(\.range) == [0..<9])
  }

  @Test func `A text at its very end is looked at, and no further`() {
    let key = "AKIAIOSFODNN7EXAMPLE"
    for count in 0..<key.utf8.count { #expect(names(String(key.prefix(count))) == []) }
    #expect(names(key) == ["AWS key"])
  }

  @Test func `Strings that hold something are replaced whole, other texts altogether`() {
    var tape = JSONTape()
    let text = #"{"a":["see SQLSTATE[1]",1],"b":"SQLSTATE["}"#
    let clean = all.redacted(Array(text.utf8), &tape).map { String(decoding: $0, as: UTF8.self) }
    #expect(clean == #"{"a":["[redacted]",1],"b":"[redacted]"}"#)
    let plain = all.redacted(Array("a SQLSTATE[1] b".utf8), &tape)
    #expect(plain.map { String(decoding: $0, as: UTF8.self) } == "[redacted]")
    #expect(all.redacted(Array(#"{"SQLSTATE[1]":1}"#.utf8), &tape) == nil)
    #expect(all.redacted(Array(#"{"n":4111111111111111}"#.utf8), &tape) != nil)
  }
}
