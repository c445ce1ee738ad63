import Formats
import Schema

/// An operation whose schemas have numbers and are not compiled yet.
struct OperationDraft {
  struct Parameter {
    var place: ContractParameter.Place
    var name: String
    var capture = -1
    var isRequired: Bool
    var allowsEmpty: Bool
    var style: ContractParameter.Style
    var isExploded: Bool
    var isJSON = false
    var shape = ValueShape()
    var schema: Int?
  }

  struct Content {
    var type: String
    var shape: ValueShape
    var schema: Int?
    var separators: [(name: [UInt8], byte: UInt8)]
    var partTypes: [(name: [UInt8], types: [[UInt8]])] = []
    /// The number of its shape in XML.
    var xml: Int?
  }

  struct Response {
    var status: ContractResponse.Status
    var headers: [Parameter] = []
    var contents: [Content] = []
  }

  var place: JSONPointer
  var name: String
  var identifier: String?
  var parameters: [Parameter] = []
  var contents: [Content] = []
  var needsContent = false
  var security: [[SecurityNeed]] = []
  var responses: [Response]?

  /// The operation, once the schemas are there.
  func operation(_ schemas: CompiledSchemas) -> ContractOperation {
    ContractOperation(
      name: name, parameters: parameters.map { $0.parameter(schemas.request($0.schema)) },
      contents: contents.map {
        $0.content(
          schemas.request($0.schema), closed: schemas.closedRequest($0.schema), schemas.xml)
      },
      needsContent: needsContent, security: security,
      responses: responses?.map { draft in
        ContractResponse(
          status: draft.status,
          headers: draft.headers.map { $0.parameter(schemas.response($0.schema)) },
          contents: draft.contents.map {
            $0.content(schemas.response($0.schema), closed: nil, schemas.xml)
          })
      })
  }
}

extension OperationDraft.Parameter {
  func parameter(_ schema: JSONSchema?) -> ContractParameter {
    let bytes = Array((place == .header ? name.lowercased() : name).utf8)
    return ContractParameter(
      place: place, name: name, nameBytes: bytes, capture: capture, isRequired: isRequired,
      allowsEmpty: allowsEmpty, style: style, isExploded: isExploded, isJSON: isJSON,
      shape: shape, schema: schema)
  }
}

extension OperationDraft.Content {
  func content(
    _ schema: JSONSchema?, closed: JSONSchema?, _ shapes: XMLShapes
  ) -> ContractContent {
    ContractContent(
      type: Array(type.utf8), kind: ContractContent.kind(of: type), schema: schema,
      closedSchema: closed, shape: shape, separators: separators,
      partTypes: partTypes, xml: xml.map { (shapes, $0) })
  }
}
