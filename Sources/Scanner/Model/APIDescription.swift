/// What a description says of an API: its operations and where a credential goes.
package struct APIDescription: Sendable {
  package var title = ""
  package var operations: [Operation] = []
  /// The path of the first server, without a slash at its end.
  package var basePath = ""
  /// The field that carries a token, and what stands before it.
  package var credential: (field: String, prefix: String) = ("Authorization", "Bearer ")
  /// What was assumed where the description says nothing or is broken.
  package var assumptions: [String] = []

  /// Fields of GraphQL types that lead in a circle: documents through them may be of any depth.
  package var graphLoop: GraphLoop?

  /// The line of each operation in the description's text, by its name.
  package var lines: [String: Int] = [:]

  /// Whether it says of any operation that callers must prove who they are.
  var declaresSecurity: Bool { operations.contains(where: \.isSecured) }

  package init() {}
}
