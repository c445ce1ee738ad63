import Base
import Blueprint
import Formats
import Testing

@Suite struct ConsumerErrorTests {
  private static let hash = "sha256:" + String(repeating: "ab", count: 32)

  @Test(arguments: [
    ("{ name: a, api-keys: ['\(hash)'], groups: x, disabled: true }", []),
    (
      "{ name: ' ', roles: [r] }",
      ["4:11: 'name' is ' ', expected 1 to 128 letters, digits and any of ._-@:/+"]
    ),
    (
      "{ name: a, roles: ['a,b'] }",
      ["4:22: 'roles' is 'a,b', expected 1 to 128 letters, digits and any of ._-@:/+"]
    ),
    ("{ roles: [r] }", ["4:3: 'name' is missing"]),
    (
      "{ name: a, keys: [] }",
      ["4:14: unknown key 'keys', expected one of api-keys, disabled, groups, name, roles"]
    ),
    ("{ name: a, api-key: x }", ["4:14: unknown key 'api-key', did you mean 'api-keys'?"]),
    (
      "{ name: a, api-keys: [gh_live_secret] }",
      [
        "4:25: a key stands here in plain text, expected 'sha256:' and 64 hexadecimal digits, as "
          + "printed by: printf %s KEY | sha256sum"
      ]
    ),
    (
      "{ name: a, api-keys: ['sha256:abcd'] }",
      [
        "4:25: the hash of a key is malformed, expected 'sha256:' and 64 hexadecimal digits, as "
          + "printed by: printf %s KEY | sha256sum"
      ]
    ),
    (
      "{ name: a, api-keys: "
        + "['sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'] }",
      [
        "4:25: this is the hash of an empty key, expected 'sha256:' and 64 hexadecimal digits, as "
          + "printed by: printf %s KEY | sha256sum"
      ]
    ),
    (
      "{ name: a, api-keys: ['\(hash)'] }\n- { name: b, api-keys: "
        + "['\(hash.replacing("ab", with: "AB"))'] }",
      [
        "5:25: the key is there twice, first in line 4, expected every key once, so that it tells "
          + "who calls"
      ]
    ),
    (
      "{ name: a }\n- { name: A }\n- { name: a }",
      ["6:3: the consumer 'a' is there twice, first in line 4"]
    ),
  ])
  func `Mistakes in consumers are named`(text: String, expected: [String]) {
    let file = around("consumers:\n- " + text)
    #expect(complaints(file) == expected)
  }

  @Test func `A key in plain text is never shown`() {
    #expect(
      !complaints(around("consumers: [{ name: a, api-keys: [gh_live_x] }]")).joined().contains(
        "gh_live"))
  }

  @Test(arguments: [
    ("access: { path: a.log, format: jsn }", ["4:34: 'format' is 'jsn', did you mean 'json'?"]),
    (
      "access: { path: a.log, rotate: { keep: 3 } }",
      ["4:34: 'rotate' says not when, expected 'size' or 'age'"]
    ),
    (
      "access: { path: a.log, rotate: { size: 1KiB } }",
      ["4:42: 'size' is '1KiB', expected 64KiB to 1024GiB"]
    ),
    (
      "access: { path: '-', rotate: { age: 1d } }",
      ["4:32: 'rotate' without a file, expected a file in 'path'"]
    ),
    (
      "access: { mask: ['a b'] }",
      ["4:20: 'mask' is 'a b', expected names of fields or query parameters"]
    ),
    ("error: { level: warn }", ["4:19: 'level' is 'warn', did you mean 'warning'?"]),
    ("trace: { accept: trusted }", ["4:20: 'accept' is 'trusted', did you mean 'trusted-hops'?"]),
    ("trace: { sample: 2 }", ["4:20: 'sample' is '2', expected a share from 0% to 100%"]),
    ("trace: { start: true }", ["4:12: unknown key 'start', expected one of accept, sample"]),
    ("trace: { accept: none, sample: 2.5% }", []),
    ("access: 'off'", []), ("access: off", []), ("access: { format: 'off' }", []),
    (
      "access: { path: a.log, format: combined, rotate: { size: 10MiB, age: 1d, keep: 3 }, mask: "
        + "[X-Token] }",
      []
    ),
  ])
  func `Mistakes in logging are named`(text: String, expected: [String]) {
    #expect(
      complaints(around("logging:\n  " + text))
        == expected)
  }

  @Test func `Every limit can be set, within its range alone`() throws {
    for bound in Limits.bounds {
      let unit = bound.unit == .milliseconds ? "ms" : ""
      let (low, high) = (bound.range.lowerBound, bound.range.upperBound)
      #expect(bound.range.contains(Limits()[keyPath: bound.path]), "\(bound.key)")
      let above = complaints(around("limits: { \(bound.key): \(high + 1)\(unit) }"))
      #expect(above.first?.hasPrefix("3:\(bound.key.count + 13): '\(bound.key)' is ") == true)
      if low > 0 {
        #expect(complaints(around("limits: { \(bound.key): \(low - 1)\(unit) }")) != [])
      }
    }
    let text = around("limits: { head: 64KiB, header-timeout: 5s, fields: 50 }")
    let limits = try #require(read(text).blueprint).limits
    #expect(limits.headBytesMax == 65536)
    #expect(limits.headerTimeoutMilliseconds == 5000)
    #expect(limits.fieldCountMax == 50)
    #expect(
      complaints(around("limits: { head: 8KiB, target: 1KiB }")) == [
        "3:9: 'field' is more than 'head', 8192 bytes, expected at most as much"
      ])
    #expect(Set(Limits.bounds.map(\.key)).count == Limits.bounds.count)
  }

  // SEC-10.
  @Test func `Values may come from the environment, and what does not exist is an error`() {
    let found = read("listeners: [{ bind: '127.0.0.1:${env:PORT}' }]")
    #expect(found.blueprint?.listeners.first?.bind.port == 9000)
    #expect(
      complaints("listeners: [{ bind: '127.0.0.1:${env:PROT}' }]") == [
        "1:21: 'bind': '${env:PROT}' is not set"
      ])
  }
}
