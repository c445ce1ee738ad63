import Formats
import Testing

@Suite struct MultipartScannerTests {
  /// What a text holds, read whole and again in pieces of one byte, as `name/file/type=content`.
  private static func parts(
    _ text: String, boundary: String = "b", limits: MultipartLimits = MultipartLimits()
  ) throws -> [String] {
    let whole = try read(Array(text.utf8), boundary, limits, step: text.utf8.count)
    let pieces = try read(Array(text.utf8), boundary, limits, step: 1)
    #expect(whole == pieces)
    return whole
  }

  private static func read(
    _ text: [UInt8], _ boundary: String, _ limits: MultipartLimits, step: Int
  ) throws -> [String] {
    let made = MultipartScanner(boundary: Array(boundary.utf8), limits: limits)
    var scanner = try #require(made)
    var found: [String] = []
    var content: [UInt8] = []
    var head = ""
    var start = 0
    var end = min(max(step, 1), text.count)
    while true {
      let piece = Array(text[start..<end])
      switch try scanner.next(piece.span, isLast: end == text.count) {
      case .part(let part):
        let (file, type) = (part.fileName ?? [], part.contentType ?? [])
        head = [part.name, file, type].map { String(decoding: $0, as: UTF8.self) }
          .joined(separator: "/")
        content = []
      case .content(let range): content += piece[range]
      case .endOfPart: found.append("\(head)=\(String(decoding: content, as: UTF8.self))")
      case .end where end == text.count: return found
      case .end, .needMore:
        start += scanner.consumed
        scanner.begin()
        end = min(end + max(step, 1), text.count)
      }
    }
  }

  private static func one(_ head: String, _ content: String = "x") -> String {
    "--b\r\n\(head)\r\n\r\n\(content)\r\n--b--\r\n"
  }

  private static let field = "Content-Disposition: form-data; name=\"a\""

  @Test func `Fields and files are read with their names and types`() throws {
    let text =
      "--b\r\n\(MultipartScannerTests.field)\r\n\r\none\r\n--b\r\ncontent-disposition: form-data; "
      + "name=f; filename=\"é.txt\"\r\nContent-Type: text/plain\r\n\r\n\r\n--c\r\n\r\n--b\r\n"
      + "\(MultipartScannerTests.field)\r\n\r\n\r\n--b--"
    #expect(
      try MultipartScannerTests.parts(text)
        == ["a//=one", "f/é.txt/text/plain=\r\n--c\r\n", "a//="])
  }

  @Test(arguments: [
    ("", "unfinished"), ("x--b\r\n", "preamble"), ("--b x\r\n", "delimiter"),
    ("--b\nx", "delimiter"),
    ("--b\r\n\(field)\r\n\r\nx", "unfinished"), (one(field) + "x", "epilogue"),
    (one(field) + "\r\n", "epilogue"), (one("Content-Type: text/plain"), "disposition"),
    (one("Content-Disposition: attachment; name=a"), "disposition"),
    (one("Content-Disposition: form-data; filename=a"), "disposition"),
    (one("Content-Disposition: form-data; name=a; name=b"), "disposition"),
    (one("Content-Disposition: form-data; name=a; filename*=utf-8''b"), "disposition"),
    (one("Content-Disposition: form-data; name=\"a\\\"b\""), "disposition"),
    (one("Content-Disposition: form-data; name=a; filename=\"a%0d%0ab\""), "disposition"),
    (one("Content-Disposition: form-data; name=\"a\u{1}\""), "line"),
    (one("Content-Disposition: form-data; name=\"\""), "disposition"),
    (
      one("Content-Disposition: form-data; name=\"\(String(repeating: "n", count: 256))\""),
      "disposition"
    ),
    (one(field + "\r\n" + field), "field"), (one(field + "\r\nX-Odd: 1"), "field"),
    (one(field + "\r\n folded"), "field"), (one(field + "\r\nContent-Type : a/b"), "field"),
    (one(field + "\r\nContent-Type: multipart/mixed; boundary=c"), "nested"),
    (one(field + "\r\nContent-Transfer-Encoding: base64"), "encoding"),
    (one(field + "\r\nContent-Type: a/\(String(repeating: "b", count: 3000))"), "line"),
    ("--b\r\n\(field)\n\r\n\r\nx\r\n--b--", "line"),
  ])
  func `What two readers could take differently is refused`(text: String, fault: String) {
    for step in [text.utf8.count, 1] {
      var found = "none"
      do {
        _ = try MultipartScannerTests.read(Array(text.utf8), "b", MultipartLimits(), step: step)
      } catch let error as MultipartFault {
        found = "\(error.detail)"
      } catch {}
      #expect(found == fault)
    }
  }

  // DOS-06.
  @Test func `Parts are bounded`() throws {
    let part = "--b\r\n\(MultipartScannerTests.field)\r\n\r\n\r\n"
    let most = String(repeating: part, count: 1024) + "--b--"
    #expect(
      try MultipartScannerTests.read(Array(most.utf8), "b", .init(), step: 1 << 20).count == 1024)
    let more = String(repeating: part, count: 10_000) + "--b--"
    #expect(throws: MultipartFault.self) {
      try MultipartScannerTests.read(Array(more.utf8), "b", .init(), step: 1 << 20)
    }
  }

  @Test(arguments: [
    ("", false), ("b", true), ("b ", false), ("a b", true), ("b\r", false), ("b;", false),
    (String(repeating: "b", count: 70), true), (String(repeating: "b", count: 71), false),
  ])
  func `A boundary is what the standard allows`(boundary: String, isOne: Bool) {
    #expect((MultipartScanner(boundary: Array(boundary.utf8)) != nil) == isOne)
  }

  @Test(arguments: [
    ("report.pdf", true), ("", true), ("a/b", false), ("..\\b", false), (".htaccess", false),
    ("a.php.png", false), ("a.php", false), ("con.txt", false), ("b.", false), ("c:d", false),
    ("a\nb", false), ("été 1.tar.gz", true),
  ])
  func `Names of files are plain`(name: String, isPlain: Bool) {
    #expect((FileName.problem(Array(name.utf8)) == nil) == isPlain)
  }

  @Test func `Files are told by their first bytes`() {
    let cases: [([UInt8], FileSignature?)] = [
      ([0x89] + Array("PNG\r\n\u{1A}\n".utf8), .png), (Array("GIF89a<?php".utf8), .gif),
      (Array("%PDF-1.7".utf8), .pdf), (Array("MZ\u{1}".utf8), .program),
      (Array("#!/bin/sh".utf8), .script), (Array("x <?PHP".utf8), .script),
      (Array(" \n<SVG onload=1>".utf8), .page), (Array("hello".utf8), nil), ([], nil),
    ]
    for (bytes, signature) in cases { #expect(FileSignature(bytes.span) == signature) }
  }
}
