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
  }

  var place: JSONPointer
  var name: String
  var identifier: String?
  var parameters: [Parameter] = []
  var contents: [Content] = []
  var needsContent = false
  var needsCaller = false

  /// The operation, once the schemas are there.
  func operation(_ schemas: [JSONSchema]) -> ContractOperation {
    ContractOperation(
      name: name,
      parameters: parameters.map { draft in
        let name = draft.place == .header ? draft.name.lowercased() : draft.name
        return ContractParameter(
          place: draft.place, name: draft.name, nameBytes: Array(name.utf8),
          capture: draft.capture, isRequired: draft.isRequired, allowsEmpty: draft.allowsEmpty,
          style: draft.style, isExploded: draft.isExploded, isJSON: draft.isJSON,
          shape: draft.shape, schema: draft.schema.map { schemas[$0] })
      },
      contents: contents.map { draft in
        ContractContent(
          type: Array(draft.type.utf8), kind: ContractContent.kind(of: draft.type),
          schema: draft.schema.map { schemas[$0] }, shape: draft.shape,
          separators: draft.separators)
      },
      needsContent: needsContent, needsCaller: needsCaller)
  }
}
