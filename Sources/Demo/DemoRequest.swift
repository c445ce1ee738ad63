/// What the demo looks at in a request.
struct DemoRequest {
  let method: String
  /// The path between its slashes.
  let segments: [String]
  let query: String
  let body: [UInt8]

  /// A refusal (405) unless the method is one of `methods`.
  func only(_ methods: [String]) -> DemoResponse? {
    if methods.contains(method) { return nil }
    var response = DemoResponse.problem(
      405, "Method Not Allowed", "Here one may use \(methods.joined(separator: ", ")).")
    response.fields = [("Allow", methods.joined(separator: ", "))]
    return response
  }

  /// The first value of a query parameter, as it is written.
  func parameter(_ name: String) -> String? {
    for pair in query.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts[0] == name { return parts.count == 2 ? String(parts[1]) : "" }
    }
    return nil
  }

  /// A whole number from the query: `fallback` if it is absent, nil if it is out of `range`.
  func number(_ name: String, in range: ClosedRange<Int>, or fallback: Int) -> Int? {
    guard let text = parameter(name) else { return fallback }
    guard text.utf8.count <= 9, let value = Int(text), range.contains(value) else { return nil }
    return value
  }
}
