import Formats
import Schema

/// The description of an API, OpenAPI 3 or Swagger 2.0, as a tree of OpenAPI 3.
struct APIDocument {
  /// Longest way of references that lead to references.
  private static let hopsMax = 16

  let root: JSONValue
  let dialect: SchemaDialect
  /// The file as it was written, for the places of faults.
  private let source: Node

  /// Reads JSON or YAML.
  init(_ bytes: [UInt8]) throws(APIFault) {
    let diagnostics = Diagnostics(file: "")
    let node = DocumentReader.read(bytes, into: diagnostics)
    guard let node, !diagnostics.hasErrors else {
      let first = diagnostics.sorted.first { $0.severity == .error }
      throw APIFault(
        first?.message ?? "neither JSON nor YAML", position: first?.position ?? .start)
    }
    source = node
    let tree = JSONValue(node)
    guard case .object = tree else { throw APIFault("no description of an API: no object") }
    if let version = tree["swagger"] {
      // Without quotation marks, YAML has a number.
      guard version.string == "2.0" || version.integer == 2 else {
        throw APIDocument.fault("a version of Swagger other than 2.0", "/swagger", node)
      }
      root = SwaggerConversion(tree).converted
      dialect = .openAPI30
      return
    }
    guard let version = tree["openapi"]?.string else {
      throw APIFault("no description of an API: it has neither 'openapi' nor 'swagger'")
    }
    switch version.split(separator: ".", omittingEmptySubsequences: false).prefix(2) {
    case ["3", "0"]: dialect = .openAPI30
    case ["3", "1"], ["3", "2"]:
      let named = tree["jsonSchemaDialect"]?.string
      guard let known = named.map(SchemaDialect.init(address:)) ?? .draft2020 else {
        throw APIDocument.fault(
          "a dialect of schemas that is not known", "/jsonSchemaDialect", node)
      }
      dialect = known
    default:
      throw APIDocument.fault(
        "a version of OpenAPI other than 3.0, 3.1 and 3.2", "/openapi", node)
    }
    root = tree
  }

  /// What stands at a pointer, references followed, and where that is.
  func resolved(
    _ pointer: JSONPointer
  ) throws(APIFault) -> (value: JSONValue, pointer: JSONPointer) {
    var pointer = pointer
    for _ in 0..<APIDocument.hopsMax {
      guard let value = root[pointer] else {
        throw fault("a reference that leads nowhere", pointer)
      }
      guard let reference = value["$ref"]?.string else { return (value, pointer) }
      pointer = try target(of: reference, from: pointer)
    }
    throw fault("a reference that leads to itself", pointer)
  }

  private func target(
    of reference: String, from pointer: JSONPointer
  ) throws(APIFault) -> JSONPointer {
    guard reference.hasPrefix("#") else {
      throw fault("a reference to another document; bundle them into one first", pointer)
    }
    guard let target = JSONPointer(fragment: String(reference.dropFirst())),
      root[target] != nil
    else { throw fault("the reference '\(reference)' leads nowhere", pointer) }
    return target
  }

  /// A fault with its place in the file.
  func fault(_ reason: String, _ pointer: JSONPointer) -> APIFault {
    APIDocument.fault(reason, pointer, source)
  }

  private static func fault(
    _ reason: String, _ pointer: JSONPointer, _ source: Node
  ) -> APIFault {
    return APIFault(reason, at: pointer, position: source.position(at: pointer))
  }
}
