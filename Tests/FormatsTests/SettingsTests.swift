import Base
import Formats
import Testing

/// Reads a mapping, lets `body` ask for values, and gives what was reported.
private func settings(_ text: String, _ body: (inout Settings) -> Void) -> [String] {
  let (node, diagnostics) = read(text)
  guard let node else { return ["unreadable: \(diagnostics)"] }
  var settings = Settings(node, in: diagnostics, interpolation: interpolation)
  body(&settings)
  settings.finish()
  return diagnostics.sorted.map(\.description)
}

private let interpolation = Interpolation(
  environment: { name in
    switch name {
    case "KEY": .found("s3cret")
    case "PORT": .found("8080")
    case "YES": .found("true")
    case "NESTED": .found("${env:KEY}")
    case "EMPTY": .found("")
    default: .failed("is not set")
    }
  },
  file: { path in
    path == "key.txt" ? .found("from file\n") : .failed("cannot be read: no such file")
  })

@Suite struct SettingsTests {
  @Test func `Values are read by their type`() {
    let complaints = settings(
      """
      name: shop
      version: 1.10
      limit: 42
      deep: true
      timeout: 250ms
      long: 1h
      size: 64KiB
      plain: 100
      share: 10%
      hosts: [a, b]
      one: a
      mode: block
      blocks: [10.0.0.0/8, "::1"]
      nested: { x: 1 }
      items: [{ y: 1 }, { y: 2 }]
      """
    ) { s in
      #expect(s.string("name") == "shop")
      #expect(s.string("version") == "1.10")
      #expect(s.integer("limit", in: 1...100) == 42)
      #expect(s.boolean("deep") == true)
      #expect(s.duration("timeout") == 250)
      #expect(s.duration("long") == 3_600_000)
      #expect(s.size("size") == 65536)
      #expect(s.size("plain") == 100)
      #expect(s.percent("share") == 0.1)
      #expect(s.list("hosts") == ["a", "b"])
      #expect(s.list("one") == ["a"])
      #expect(s.choice("mode", ["block", "report"]) == "block")
      #expect(s.addressBlocks("blocks")?.count == 2)
      var nested = s.settings("nested")
      #expect(nested?.integer("x") == 1)
      nested?.finish()
      let items = s.settingsList("items")?.map { item in
        var item = item
        return item.integer("y")
      }
      #expect(items == [1, 2])
      #expect(s.string("absent") == nil)
    }
    #expect(complaints == [])
  }

  @Test(arguments: [
    ("limit: 0", ["1:8: 'limit' is '0', expected a whole number from 1 to 1000"]),
    ("limit: 010", ["1:8: 'limit' is '010', expected a whole number from 1 to 1000"]),
    ("limit: 1e2", ["1:8: 'limit' is '1e2', expected a whole number from 1 to 1000"]),
    (
      "limit: 99999999999999999999",
      ["1:8: 'limit' is '99999999999999999999', expected a whole number from 1 to 1000"]
    ),
    ("limit:", ["1:7: 'limit' has no value"]),
    ("limit: [1]", ["1:8: 'limit' is a list, expected a single value"]),
    ("deep: yes", ["1:7: 'deep' is 'yes', expected true or false"]),
    ("deep: 'true'", ["1:7: 'deep' is 'true', expected true or false"]),
    (
      "timeout: 10",
      ["1:10: 'timeout' is '10', a duration without a unit, expected for example 10s or 250ms"]
    ),
    (
      "timeout: 10 s",
      ["1:10: 'timeout' is '10 s', expected a duration such as 250ms, 10s, 5m, 1h or 1d"]
    ),
    (
      "timeout: -1s",
      ["1:10: 'timeout' is '-1s', expected a duration such as 250ms, 10s, 5m, 1h or 1d"]
    ),
    (
      "timeout: 1.5s",
      ["1:10: 'timeout' is '1.5s', expected a duration such as 250ms, 10s, 5m, 1h or 1d"]
    ),
    (
      "timeout: 999999999999d",
      ["1:10: 'timeout' is '999999999999d', expected a duration such as 250ms, 10s, 5m, 1h or 1d"]
    ),
    ("timeout: 2h", ["1:10: 'timeout' is '2h', expected 1ms to 1h"]),
    ("size: 1TiB", ["1:7: 'size' is '1TiB', expected a size such as 4096, 64KiB or 10MiB"]),
    ("size: 64k", ["1:7: 'size' is '64k', expected a size such as 4096, 64KiB or 10MiB"]),
    (
      "size: 9999999999GiB",
      ["1:7: 'size' is '9999999999GiB', expected a size such as 4096, 64KiB or 10MiB"]
    ),
    ("size: 2MiB", ["1:7: 'size' is '2MiB', expected 1KiB to 1MiB"]),
    ("mode: blok", ["1:7: 'mode' is 'blok', did you mean 'block'?"]),
    ("mode: drop", ["1:7: 'mode' is 'drop', expected one of block, report"]),
    (
      "blocks: 10.0.0.1/8",
      [
        "1:9: 'blocks' is '10.0.0.1/8', expected an address or block such as 10.0.0.0/8, no bits "
          + "set behind it"
      ]
    ),
    ("blocks: { a: b }", ["1:9: 'blocks' is a mapping, expected a list"]),
    ("address: localhost", ["1:10: 'address' is 'localhost', expected an IP address"]),
    ("nested: 1", ["1:9: a single value stands here, expected a mapping of keys and values"]),
    ("nested: [a]", ["1:9: a list stands here, expected a mapping of keys and values"]),
    ("limitt: 3", ["1:1: unknown key 'limitt', did you mean 'limit'?"]),
    ("LIMIT: 3", ["1:1: unknown key 'LIMIT', did you mean 'limit'?"]),
    ("limti: 3", ["1:1: unknown key 'limti', did you mean 'limit'?"]),
    ("time: 3", ["1:1: unknown key 'time', did you mean 'timeout'?"]),
    (
      "x: 3",
      [
        "1:1: unknown key 'x', expected one of address, blocks, deep, limit, mode, name, nested, "
          + "size, timeout"
      ]
    ),
    (
      "\"\\e[31mred\": 3",
      [
        "1:1: unknown key '\\u{1b}[31mred', expected one of address, blocks, deep, limit, mode, "
          + "name, nested, size, timeout"
      ]
    ),
    (
      "~: 3",
      [
        "1:1: unknown key '~', expected one of address, blocks, deep, limit, mode, name, nested, "
          + "size, timeout"
      ]
    ),
    ("name: a${", ["1:7: 'name': a reference has no end, expected '}' after '${'"]),
    (
      "name: ${KEY}",
      [
        "1:7: 'name': unknown reference '${KEY}', expected ${env:NAME} or ${file:PATH}, or $${ "
          + "for the characters themselves"
      ]
    ),
    (
      "name: ${env:}",
      [
        "1:7: 'name': unknown reference '${env:}', expected ${env:NAME} or ${file:PATH}, or $${ "
          + "for the characters themselves"
      ]
    ),
    ("name: ${env:NONE}", ["1:7: 'name': '${env:NONE}' is not set"]),
    ("name: ${env:EMPTY}", ["1:7: 'name': '${env:EMPTY}' is empty, expected a value"]),
    ("name: ${file:no.txt}", ["1:7: 'name': '${file:no.txt}' cannot be read: no such file"]),
    ("mode: ${env:KEY}", ["1:7: 'mode' is the secret value, expected one of block, report"]),
    (
      "limit: ${env:KEY}",
      ["1:8: 'limit' is the secret value, expected a whole number from 1 to 1000"]
    ),
    (
      "timeout: ${env:PORT}",
      [
        "1:10: 'timeout' is the secret value, a duration without a unit, expected for example 10s "
          + "or 250ms"
      ]
    ),
  ])
  func `What is wrong is said in full`(text: String, expected: [String]) {
    let complaints = settings(text) { s in
      _ = s.string("name")
      _ = s.integer("limit", in: 1...1000)
      _ = s.boolean("deep")
      _ = s.duration("timeout", in: 1...3_600_000)
      _ = s.size("size", in: 1024...1_048_576)
      _ = s.choice("mode", ["block", "report"])
      _ = s.addressBlocks("blocks")
      _ = s.address("address")
      _ = s.settings("nested")
    }
    #expect(complaints == expected.map { "test.yaml:" + $0 })
  }

  @Test func `References are resolved once, and their escape is not`() {
    let complaints = settings(
      "a: x${env:KEY}-${file:key.txt}y\nb: $${env:KEY} $5 $\nc: ${env:NESTED}\nd: ${env:PORT}\nf: "
        + "\"${env:YES}\"\ne: '$$${env:KEY}'"
    ) { s in
      #expect(s.text("a")?.string == "xs3cret-from filey")
      #expect(s.text("a")?.isSecret == true)
      #expect(s.text("a")?.shown == "the secret value")
      #expect(s.text("b")?.string == "${env:KEY} $5 $")
      #expect(s.text("b")?.isSecret == false)
      #expect(s.text("c")?.string == "${env:KEY}")
      #expect(s.integer("d") == 8080)
      #expect(s.boolean("f") == true)
      #expect(s.text("e")?.string == "$${env:KEY}")
    }
    #expect(complaints == [])
  }

  @Test func `What is required and absent is reported once`() {
    let complaints = settings("a: 1\nempty: []") { s in
      #expect(s.requiredString("b") == nil)
      #expect(s.requiredInteger("c") == nil)
      #expect(s.requiredList("d") == nil)
      #expect(s.requiredList("empty") == nil)
      #expect(s.requiredInteger("a") == 1)
    }
    #expect(
      complaints == [
        "test.yaml:1:1: 'b' is missing", "test.yaml:1:1: 'c' is missing",
        "test.yaml:1:1: 'd' is missing",
        "test.yaml:2:8: 'empty' is empty, expected at least one element",
      ])
  }

  @Test func `An empty value stands for a mapping without keys`() {
    #expect(settings("nested:") { _ = $0.settings("nested")?.node } == [])
  }

  @Test func `Diagnostics are sorted by place and bounded in number`() {
    let diagnostics = Diagnostics(file: "f")
    for line in (1...1200).reversed() {
      diagnostics.error("wrong", at: Position(line: line, column: 1))
    }
    diagnostics.warning("doubtful", at: .start)
    #expect(diagnostics.sorted.count == Diagnostics.countMax)
    #expect(diagnostics.errorCount == 1200)
    #expect(diagnostics.sorted.first?.line == 201)
    #expect(diagnostics.description.hasSuffix("\nf: and 201 more"))
    let other = Diagnostics(file: "f")
    other.warning("doubtful", at: .start)
    #expect(!other.hasErrors)
    #expect("\(other)" == "f:1:1: warning: doubtful")
  }

  @Test(arguments: [
    (0, "0s"), (250, "250ms"), (1000, "1s"), (90_000, "90s"), (3_600_000, "1h"), (86_400_000, "1d"),
  ])
  func `A duration is written as it is read`(milliseconds: Int, text: String) {
    #expect(Quantity.duration(milliseconds) == text)
    #expect(Quantity.milliseconds(text) == .value(milliseconds))
  }

  @Test(arguments: [
    (0, "0"), (1000, "1000"), (65536, "64KiB"), (3 << 20, "3MiB"), (1 << 30, "1GiB"),
  ])
  func `A size is written as it is read`(bytes: Int, text: String) {
    #expect(Quantity.size(bytes) == text)
    #expect(Quantity.bytes(text) == .value(bytes))
    #expect(Quantity.bytes("1MB") == .value(1_000_000))
    #expect(Quantity.bytes("1kB") == .value(1000))
  }

  @Test func `A message stays on one line, whatever it shows`() {
    let diagnostics = Diagnostics(file: "a\nb")
    diagnostics.error(
      "'x\ty\u{1B}[31m\u{202E}é' is none", expected: "z\r", at: Position(line: 1, column: 2))
    #expect(
      diagnostics.description
        == "a\\u{a}b:1:2: 'x\\u{9}y\\u{1b}[31m\\u{202e}é' is none, expected z\\u{d}")
  }
}
