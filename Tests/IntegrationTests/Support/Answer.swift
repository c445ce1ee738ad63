import Foundation

/// A final response as a client saw it.
struct Answer {
  let status: Int
  let fields: [String: String]
  let body: String

  /// The `type` of a problem, without what all of them begin with.
  var problem: String? {
    guard fields["content-type"] == "application/problem+json" else { return nil }
    let mark = "urn:gatehouse:problem:"
    guard let start = body.range(of: mark)?.upperBound else { return nil }
    return String(body[start...].prefix { $0 != "\"" })
  }
}
