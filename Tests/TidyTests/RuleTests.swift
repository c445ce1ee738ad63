import Testing

/// Each rule on text that breaks it, and on text that only looks so.
@Suite struct RuleTests {
  private func messages(_ breaches: [Breach]) -> [String] {
    breaches.map { "\($0.line): \($0.message)" }
  }

  @Test func `The lexer tells code, comments and strings apart`() {
    let source = SwiftSource(
      ##"""
      let a = "x // no \(b! + "in") y" // yes /* still */
      /* one /* two */ b
      */ let c = #"raw " \(no) \#(d)"#
      let m = """
        unsafe " text
        """; let e = `a "b" // c`
      """##)
    #expect(source.code[0].trimmed == #"let a = " b! + "" ""#)
    #expect(source.comments[0].trimmed == "yes /* still */")
    #expect(source.code[1] == "" && source.code[2].trimmed == #"let c = " d ""#)
    #expect(source.code[4] == "")
    #expect(source.code[5].trimmed == #""; let e = `_`"#)
  }

  @Test func `An import against the table is found, whatever its form`() {
    func found(_ path: String, _ text: String) -> Int {
      ImportRule.breaches(in: SwiftSource(path: path, text)).count
    }
    #expect(found("Sources/Base/A.swift", "import Foundation") == 1)
    #expect(found("Sources/Wire/A.swift", "public import struct Runtime.Loop") == 1)
    #expect(found("Sources/Gateway/A.swift", "@preconcurrency internal import Policies") == 1)
    #expect(found("Sources/Gateway/A.swift", "import COpenSSL") == 1)
    #expect(found("Sources/Novel/A.swift", "import Base") == 1)
    #expect(found("Tests/WireTests/A.swift", "import CYAML") == 1)
    #expect(found("Tests/TLSTests/A.swift", "import COpenSSL") == 0)
    #expect(found("Sources/Wire/A.swift", "import HTTP\nimport Synchronization") == 0)
    #expect(found("Sources/Wire/A.swift", "// import Runtime\nlet text = \"import Runtime\"") == 0)
  }

  @Test func `A dependency against the table is found in the package`() {
    let text = """
      module("Base", []),
      module("Wire", ["Base", "Runtime"]),
      module(
        "Novel",
        ["Base"]),
      """
    let found = ImportRule.breaches(inPackage: TextFile(path: "Package.swift", text: text))
    #expect(
      found.map(\.message) == [
        "Wire may not depend on Runtime", "the target Novel is not in the import table",
      ])
  }

  @Test func `A refusal that the guide or the catalogue lacks is found`() {
    let catalogue = TextFile(
      path: "Sources/HTTP/Problem.swift", text: "case .a: \"not-found\"\ncase .b: \"too-odd\"")
    let guide = TextFile(
      path: "Documentation/guide/errors.md", text: "| `not-found` | 404 |\n| `old` | 400 |")
    let found = ProblemRule.breaches(catalogue: catalogue, guide: guide)
    #expect(
      messages(found) == [
        "2: the guide does not explain 'too-odd'", "2: the catalogue does not have 'old'",
      ])
  }

  @Test func `Long lines, files and functions are found`() {
    let wide = String(repeating: "x", count: 101)
    #expect(LengthRule.breaches(in: TextFile(path: "Tools/run", text: wide)).count == 1)
    #expect(LengthRule.breaches(in: TextFile(path: "README.md", text: wide)).isEmpty)
    let long = String(repeating: "\n", count: 701)
    #expect(LengthRule.breaches(in: TextFile(path: "Makefile", text: long)).count == 1)
    let message = "Tests/ATests/A.swift"
    #expect(LengthRule.breaches(in: TextFile(path: message, text: "let a = \"\(wide)\"")).isEmpty)
    #expect(LengthRule.breaches(in: TextFile(path: message, text: "let \(wide) = 1")).count == 1)
    func found(_ lines: Int) -> [Breach] {
      let body = String(repeating: "  call(\"{\")\n", count: lines)
      let text = "protocol P {\n  func p()\n}\nfunc run(\n  a: Int = { 1 }()\n) {\n\(body)}\n"
      return LengthRule.breaches(inFunctionsOf: SwiftSource(text))
    }
    #expect(found(66).isEmpty)
    #expect(messages(found(67)) == ["4: run has 71 lines, more than 70"])
  }

  @Test func `A crowded folder is found`() {
    func found(_ count: Int) -> [Breach] {
      let files = (0..<count).map { TextFile(path: "Sources/Base/A\($0).swift", text: "") }
      return LengthRule.breaches(inFoldersOf: Repository(files: files))
    }
    #expect(found(25).isEmpty)
    #expect(found(26).count == 1)
  }

  @Test func `Names that say nothing are found`() {
    func found(_ name: String) -> Bool {
      !NameRule.breaches(in: SwiftSource("public final class \(name) {}")).isEmpty
    }
    let bad = ["PoolManager", "PathHelper", "StringUtils", "BasePolicy", "RouterImpl", "Manager"]
    for name in bad { #expect(found(name), "\(name)") }
    for name in ["Base", "Base64", "Implication", "Database", "Managed"] { #expect(!found(name)) }
    let path = "Sources/Base/FileHelper.swift"
    #expect(NameRule.breaches(in: SwiftSource(path: path, "")).count == 1)
  }

  @Test func `A file that bears another name than its type is found`() {
    func found(_ path: String, _ text: String) -> [String] {
      messages(NameRule.breaches(inFileNameOf: SwiftSource(path: "Sources/Base/" + path, text)))
    }
    #expect(found("A.swift", "struct B {}") == ["1: the file declares no type 'A'"])
    #expect(found("A+B.swift", "extension C {}") == ["1: the file declares no extension of 'A'"])
    #expect(found("A+B.swift", "extension X.A {}").isEmpty)
    #expect(found("Quoted.swift", "func quoted() {}").isEmpty)
    #expect(found("A.swift", "struct B {\n  struct A {}\n}").count == 1)
    #expect(
      found("A.swift", "public struct A {\n  public enum C {}\n}\npublic enum B {}") == [
        "4: a second public type, B: give it a file"
      ])
  }

  @Test func `Ways round the compiler are found`() {
    func found(_ text: String, _ path: String = "Sources/Wire/A.swift") -> Int {
      BannedRule.breaches(in: SwiftSource(path: path, text)).count
    }
    let bad = [
      "final class A: @unchecked Sendable {}", "nonisolated(unsafe) var a = 1", "try! run()",
      "a as! B", "let b = a!", "a[1]!.run()", "f()!", "static let shared = A()", "#if false",
      "let t = ContinuousClock().now", "let r = Int.random(in: 0...1)", "print(\"a\")",
      "let s = \"\\(a!)\"",
    ]
    for text in bad { #expect(found(text) == 1, "\(text)") }
    let good = [
      "if !a, b != c { d(!e) }", "// try! and a!", "let s = \"a!\"", "#expect(!a)", "a !== b",
      "try !run()",
    ]
    for text in good { #expect(found(text) == 0, "\(text)") }
    #expect(found("print(1)", "Sources/Command/A.swift") == 0)
    #expect(found("try await Task.sleep(for: .seconds(1))", "Tests/WireTests/A.swift") == 1)
  }

  @Test func `An unsafe place without its reason is found`() {
    func found(_ text: String) -> [Int] {
      SafetyRule.breaches(in: SwiftSource(text)).map(\.line)
    }
    #expect(found("let a = unsafe b()") == [1])
    #expect(found("// Safety: b holds.\nlet a = unsafe b()\nlet c = unsafe d()").isEmpty)
    let far = "// Safety: b holds.\n" + String(repeating: "run()\n", count: 9)
    #expect(found(far + "unsafe b()") == [11])
    #expect(found("@unsafe\nfunc a() {\n  unsafe b()\n}\nfunc c() { unsafe d() }") == [5])
    #expect(found("// unsafe\nlet a = \"unsafe\"").isEmpty)
  }

  @Test func `A public item without a comment is found`() {
    func found(_ text: String) -> [Int] {
      DocumentationRule.breaches(in: SwiftSource(text)).map(\.line)
    }
    #expect(found("public struct A {}") == [1])
    #expect(found("/// One.\n@frozen\npublic struct A {}").isEmpty)
    #expect(found("// One.\npublic func a() {}") == [2])
    #expect(found("/// One.\npublic let a, b: Int\npublic let c: Int\n\npublic let d = 1") == [5])
    #expect(found("/// One.\nlet a = 1\npublic init(a: Int) {}").isEmpty)
    #expect(found("/// One.\nlet a = 1\npublic init(b: Int) {}") == [3])
    #expect(found("/// One.\npublic func a() {}\npublic func a(_ b: Int) {}").isEmpty)
    #expect(found("public var description: String { \"\" }\npublic static func < () {}").isEmpty)
    #expect(found("@inline(__always)\npublic static var a: Int { 1 }") == [2])
  }

  @Test func `Code in comments and notes of what is unfinished are found`() {
    func found(_ text: String) -> Int { CommentRule.breaches(in: SwiftSource(text)).count }
    let bad = [
      "let a = 1", "import Base", "func a() {", "if a {", "}", "return a()", "self.a = b",
      "run(a, b)", "a += 1", "try run()", "private func a() -> Int { 1 }",
    ]
    for text in bad { #expect(found("// \(text)") == 1, "\(text)") }
    let good = [
      "Returns what is left.", "if a field is missing, it is refused", "Safety: `a` is one.",
      "MARK: Text", "a = b holds here, since both were read", "for each field", "import order",
      "(see below)", "The head is read (RFC 9112 §2)",
    ]
    for text in good where text != "import order" { #expect(found("// \(text)") == 0, "\(text)") }
    #expect(found("/// let a = 1") == 0)
    let note = "// " + "TO" + "DO: later"
    #expect(CommentRule.breaches(in: TextFile(path: "Tools/run", text: note)).count == 1)
  }

  @Test func `A test whose name is no sentence is found`() {
    func found(_ line: String) -> Int {
      TestNameRule.breaches(in: SwiftSource(path: "Tests/ATests/A.swift", line)).count
    }
    #expect(found("@Test func testOne() {}") == 1)
    #expect(found("@Test(arguments: [1])\nfunc `Works`(a: Int) {}") == 1)
    #expect(found("@Test func `bytes are read in order`() {}") == 1)
    #expect(found("@Test func `Bytes are read in order`() throws {}") == 0)
    #expect(found("@Test func `resolv.conf is read in order`() throws {}") == 0)
    #expect(found("func helper() {}") == 0)
  }

  @Test func `Paths of a machine and private keys are found`() {
    func found(_ text: String) -> Int {
      PrivacyRule.breaches(in: TextFile(path: "Tools/run", text: text)).count
    }
    #expect(found("cd /wo" + "rk/main") == 1)
    #expect(found("cp a \"/ho" + "me/somebody/b\"") == 1)
    #expect(found("https://example.com/ho" + "me/x") == 0)
    let head = "-----BEGIN EC PRIVATE KEY-----"
    #expect(found(head + "\n" + String(repeating: "MHcCAQEE", count: 8)) == 1)
    #expect(found(head + "\nfollows") == 0)
  }

  @Test func `A walk that names what is gone is found`() {
    func found(_ text: String) -> [String] {
      let repository = Repository(files: [
        TextFile(path: "Sources/Wire/Head.swift", text: "struct Head { func read(into: Int) {} }"),
        TextFile(path: WalkRule.path, text: text),
      ])
      return WalkRule.breaches(in: repository).map(\.message)
    }
    #expect(found("`Head.read(into:)` in `Sources/Wire/Head.swift`, `GET /a`, `4.1`").isEmpty)
    #expect(found("then `Head.write`") == ["'write' is not in the sources"])
    #expect(found("see `Wire/Tail.swift`") == ["'Wire/Tail.swift' is not in the sources"])
  }

  @Test func `A link that leads nowhere is found`() {
    func found(_ text: String) -> [String] {
      let repository = Repository(files: [
        TextFile(path: "README.md", text: "# The \"house\" rules"),
        TextFile(path: "Documentation/guide/a.md", text: text),
      ])
      return LinkRule.breaches(in: repository).map(\.message)
    }
    #expect(found("[a](../../README.md#the-house-rules) [b](a.md) [c](..)").isEmpty)
    #expect(found("[a](https://example.com/x) `a[0](b)`").isEmpty)
    #expect(found("[a](README.md)") == ["there is no Documentation/guide/README.md"])
    #expect(found("[a](#b)") == ["there is no heading 'b' in Documentation/guide/a.md"])
  }

  @Test func `A policy without tests, page or line in the index is found`() {
    let code = TextFile(path: "Sources/Policies/APIKey/APIKeyPolicy.swift", text: "")
    #expect(PolicyRule.breaches(in: Repository(files: [code])).count == 3)
    let whole = [
      code, TextFile(path: "Tests/PoliciesTests/APIKeyPolicyTests.swift", text: ""),
      TextFile(path: PolicyRule.pages + "api-key.md", text: ""),
      TextFile(path: PolicyRule.pages + "README.md", text: "[api-key](api-key.md)"),
    ]
    #expect(PolicyRule.breaches(in: Repository(files: whole)).isEmpty)
    #expect(Names.kebab("IPFilter") == "ip-filter")
    #expect(Names.kebab("CORS") == "cors")
    #expect(Names.kebab("RequestID") == "request-id")
  }

  @Test func `A limit without reason, range or line in the guide is found`() {
    func found(_ limits: String, _ bounds: String, _ guide: String) -> Int {
      LimitsRule.breaches(
        in: Repository(files: [
          TextFile(path: "Sources/Base/Limits.swift", text: limits),
          TextFile(path: "Sources/Base/Limits+Bounds.swift", text: bounds),
          TextFile(path: LimitsRule.guide, text: guide),
        ])
      ).count
    }
    let bound = #"  Bound("method", .bytes, 7...128, \.methodBytesMax),"#
    #expect(found("/// Why.\npublic var methodBytesMax = 1", bound, "`method`") == 0)
    #expect(found("public var methodBytesMax = 1", "", "") == 2)
    #expect(found("/// Why.\npublic var methodBytesMax = 1", bound, "method") == 1)
  }

  @Test func `An exception excuses its count and no other`() {
    let exceptions = Exceptions(entries: [.init("r", "a", 2, because: "there are two")])
    func remaining(_ count: Int) -> Int {
      let breaches = (0..<count).map { Breach(rule: "r", path: "a", line: $0, message: "") }
      return exceptions.remaining(breaches, of: "r").count
    }
    #expect(remaining(2) == 0)
    #expect(remaining(3) == 3)
    #expect(remaining(1) == 1)
    #expect(remaining(0) == 1)
  }
}
