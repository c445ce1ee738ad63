import Formats

/// Tells what kind of description a text is, and reads it.
package struct DescriptionReader: Sendable {
  /// Reads a file beside the description, by its path from there; nil if it cannot be read.
  let neighbour: @Sendable (String) -> [UInt8]?
  /// Variables that requests of a collection may name.
  var variables: [String: String] = [:]

  package init(neighbour: @escaping @Sendable (String) -> [UInt8]? = { _ in nil }) {
    self.neighbour = neighbour
  }

  /// Takes over the variables of a Postman environment.
  package mutating func take(environment bytes: [UInt8]) -> Bool {
    guard let root = JSONValue.read(bytes), let values = root["values"]?.elements else {
      return false
    }
    for value in values where value["enabled"] != .boolean(false) {
      if let key = value["key"]?.string { variables[key] = value["value"]?.scalarText ?? "" }
    }
    return true
  }

  /// Reads OpenAPI 3, Swagger 2, Postman 2.1, HAR 1.2 the answer to a GraphQL introspection
  /// or a schema in GraphQL's own language, as
  /// JSON or YAML. What is broken is left out or assumed, and said.
  package func read(
    _ bytes: [UInt8], named name: String
  ) throws(ScanError) -> APIDescription {
    if let schema = GraphQLSchemaText.read(bytes), let read = GraphQLImport.read(schema) {
      return read
    }
    if let read = TrafficImport.read(bytes) { return read }
    let diagnostics = Diagnostics(file: name)
    var repairs: [String] = []
    var root = JSONValue.parse(bytes, into: diagnostics)
    if root == nil, let mended = Repair.text(bytes, &repairs) {
      root = JSONValue.parse(mended, into: Diagnostics(file: name))
    }
    guard let root else { throw .description(diagnostics.description) }
    guard
      var read = OpenAPIImport.read(root, neighbour) ?? PostmanImport.read(root, variables)
        ?? HARImport.read(root) ?? GraphQLImport.read(root)
    else {
      throw .description("\(name) is no OpenAPI, Swagger, Postman, HAR or GraphQL document")
    }
    read.assumptions = repairs + read.assumptions
    read.lines = DescriptionReader.lines(of: read.operations, in: bytes)
    return read
  }

  /// The line on which each operation stands: that of its path as a key, or of its method below.
  private static func lines(of operations: [Operation], in bytes: [UInt8]) -> [String: Int] {
    var keys: [String: Int] = [:]
    var methods: [String: Int] = [:]
    var path = ""
    let text = String(decoding: bytes, as: UTF8.self)
    for (place, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let key = line.drop { " \t\"'".contains($0) }
      if key.hasPrefix("/") {
        path = String(key.prefix { !"\"':".contains($0) })
        if keys[path] == nil { keys[path] = place + 1 }
      } else if let word = key.split(whereSeparator: { "\"':".contains($0) }).first {
        let method = word.uppercased()
        if ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"].contains(method),
          methods["\(method) \(path)"] == nil
        {
          methods["\(method) \(path)"] = place + 1
        }
      }
    }
    var result: [String: Int] = [:]
    for operation in operations {
      result[operation.place] = methods[operation.place] ?? keys[operation.path]
    }
    return result
  }

  /// Several descriptions of one API as one; what two of them describe is taken from the first.
  package static func merge(_ descriptions: [APIDescription]) -> APIDescription {
    guard var result = descriptions.first else { return APIDescription() }
    var shapes = Set(result.operations.map(shape))
    for other in descriptions.dropFirst() {
      for operation in other.operations where shapes.insert(shape(operation)).inserted {
        result.operations.append(operation)
        result.lines[operation.place] = other.lines[operation.place]
      }
      result.assumptions += other.assumptions
      if result.basePath.isEmpty { result.basePath = other.basePath }
      result.graphLoop = result.graphLoop ?? other.graphLoop
    }
    return result
  }

  private static func shape(_ operation: Operation) -> String {
    let path = operation.segments.map { $0.hasPrefix("{") ? "{}" : $0 }.joined(separator: "/")
    return "\(operation.method) \(path) \(operation.graphField ?? "")"
  }
}
