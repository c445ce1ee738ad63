import Testing

@testable import Detection

/// Endpoints and objects in paths.
@Suite struct PathTests {
  private let mix = KeyMix(seed: 4)

  private func kind(_ text: String) -> SegmentKind { SegmentKind(Array(text.utf8).span) }

  @Test func `Identifiers are told from words`() {
    #expect(kind("42") == .number(42))
    #expect(kind("3f2504e0-4f89-11d3-9a0c-0305e82c3301") == .uuid)
    for text in [
      "9f86d081884c7d65", "2026-02-03", "user@example.org", "ord_12345", "INV-2024-001",
      "99999999999999999999999", "***", "AbCdEf0123456789xyz",
    ] { #expect(kind(text) == .identifier, "\(text)") }
    for text in ["v1", "orders", "oauth2", "2fa", "sha256", "deadbeef", "order-items", "a"] {
      #expect(kind(text) == .word, "\(text)")
    }
  }

  @Test func `Paths of one endpoint have one shape, and objects differ`() {
    var shaper = PathShaper(mix: mix)
    func shape(_ path: String) -> PathShape {
      shaper.shape(Array(path.utf8).span, service: 1, learns: true, at: 1)
    }
    let (first, second) = (shape("/orders/17/items/3"), shape("/orders/18/items/3"))
    #expect(first.endpoint == second.endpoint && first.object != second.object)
    #expect(first.parameters == 0b1010)
    #expect(first.number == 3)
    #expect(shape("/orders/17").endpoint != first.endpoint)
    #expect(shape("/orders//17/").endpoint == shape("/orders/17").endpoint)
    #expect(shape("/orders").object == 0)
    #expect(
      PathTemplate.text(Array("/orders/17/items/3".utf8).span, parameters: first.parameters)
        == "/orders/{id}/items/{id2}")
  }

  @Test func `Where very many words stand they are identifiers, if they are there`() {
    var shaper = PathShaper(mix: mix)
    func shape(_ path: String, learns: Bool) -> PathShape {
      shaper.shape(Array(path.utf8).span, service: 1, learns: learns, at: 1)
    }
    let letters = Array("abcdefghijklmnopqrstuvwxyz")
    func word(_ number: Int) -> String {
      "\(letters[number % 26])\(letters[number / 26 % 26])\(letters[number / 676 % 26])y"
    }
    // Asking for what is not there teaches nothing.
    for number in 0..<500 { _ = shape("/users/\(word(number))", learns: false) }
    #expect(shape("/users/anna", learns: false).object == 0)
    for number in 0..<200 { _ = shape("/users/\(word(number))", learns: true) }
    #expect(shape("/users/anna", learns: false).object != 0)
    #expect(
      shape("/users/anna", learns: false).endpoint == shape("/users/ben", learns: false).endpoint)
  }

  @Test func `What a description has as a parameter is one, and its words are words`() {
    var shaper = PathShaper(mix: mix)
    shaper.describe([("/users/{name}", 1), ("/users/me", 1), ("/users/{name}/keys", 1)])
    func shape(_ path: String) -> PathShape {
      shaper.shape(Array(path.utf8).span, service: 1, learns: true, at: 1)
    }
    #expect(shape("/users/anna").endpoint == shaper.endpoint(template: "/users/{name}", service: 1))
    #expect(shape("/users/me").endpoint == shaper.endpoint(template: "/users/me", service: 1))
    #expect(shape("/users/anna/keys").endpoint != shape("/users/anna/cars").endpoint)
  }

  @Test func `Parameters are told by what they look like`() {
    func kind(_ text: String) -> ParameterKind { ParameterKind(Array(text.utf8).span) }
    #expect(kind("42") == .integer && kind("-42") == .integer && kind("4.2") == .number)
    #expect(kind("true") == .boolean && kind("2026-02-03") == .date && kind("abc") == .text)
    #expect(kind("3f2504e0-4f89-11d3-9a0c-0305e82c3301") == .uuid)
    #expect(ParameterKind.integer.joined(.number) == .number)
    #expect(ParameterKind.integer.joined(.uuid) == .text)
    var names: [String: ParameterKind] = [:]
    QueryNames.take(Array("limit=10&q=shoes&&=x&<script>=1&token=***".utf8).span, into: &names)
    #expect(names == ["limit": .integer, "q": .text, "token": .text])
  }
}
