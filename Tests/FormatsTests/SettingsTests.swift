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
}
