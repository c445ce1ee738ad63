import Formats

/// One operation of the admin API: where it is, who may use it, and what it does.
struct AdminEndpoint: Sendable {
  /// What an endpoint does.
  typealias Action = @Sendable (AdminCall) throws -> AdminAnswer

  let method: String
  /// The path, with names in braces in the place of what differs.
  let path: String
  /// What the caller has to be permitted; nil if nobody is asked who he is.
  let permission: AdminPermission?
  /// What it does, in a few words.
  let summary: String
  /// The members of the content, each with its JSON Schema; nil if there is none.
  let content: [JSONMember]?
  /// The members of the content that must be there.
  let required: [String]
  /// Whether the present state has to be named by `If-Match`.
  let needsMatch: Bool
  /// Whether a caller with a second factor must have shown it a short while ago.
  let needsStepUp: Bool
  let action: Action

  let segments: [Substring]

  init(
    _ method: String, _ path: String, _ permission: AdminPermission?, _ summary: String,
    content: [JSONMember]? = nil, required: [String] = [], needsMatch: Bool = false,
    needsStepUp: Bool = false, action: @escaping Action
  ) {
    self.method = method
    self.path = path
    self.permission = permission
    self.summary = summary
    self.content = content
    self.required = required
    self.needsMatch = needsMatch
    self.needsStepUp = needsStepUp || permission == .administrators
    self.action = action
    segments = path.split(separator: "/")
  }

  /// What the names of the template stand for in a path; nil if the path is none of it.
  func match(_ given: [String]) -> [String: String]? {
    guard given.count == segments.count else { return nil }
    var parameters: [String: String] = [:]
    for (segment, text) in zip(segments, given) {
      if segment.hasPrefix("{") {
        parameters[String(segment.dropFirst().dropLast())] = text
      } else if segment != text {
        return nil
      }
    }
    return parameters
  }
}
