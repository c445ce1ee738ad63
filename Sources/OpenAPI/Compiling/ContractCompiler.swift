import Formats
import Schema

/// Compiles a description to operations.
struct ContractCompiler {
  /// Methods that a path may have (OpenAPI 3.1 §4.8.9).
  static let methodNames = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
  ]
  /// Most remarks that are kept.
  private static let remarksMax = 100

  /// One method of a path and what describes it.
  struct MethodEntry: Sendable {
    var method: String
    var operations: [Int]
  }

  let document: APIDocument
  let settings: APIContract.Settings
  private(set) var tree = PathTree()
  private(set) var methods: [[MethodEntry]] = []
  private(set) var remarks: [APIFault] = []
  private(set) var operations: [ContractOperation] = []
  /// Places of schemas that are compiled together at the end: of requests, and of responses.
  private var requestPlaces = SchemaPlaces()
  private var responsePlaces = SchemaPlaces()
  /// Whether schemas that are met now are those of responses.
  var isInResponses = false
  private var drafts: [OperationDraft] = []
  /// The shapes of contents in XML.
  var xml: XMLShapeCompiler

  init(_ document: APIDocument, _ settings: APIContract.Settings) {
    self.document = document
    self.settings = settings
    xml = XMLShapeCompiler(document)
  }

  mutating func compile() throws(APIFault) {
    if let paths = document.root["paths"] {
      guard case .object = paths else { throw document.fault("'paths' is no object", "/paths") }
    } else if document.dialect == .openAPI30 {
      throw document.fault("'paths' is missing", JSONPointer())
    }
    let prefixes = settings.basePath.map { [$0] } ?? document.basePaths
    var names: [String: JSONPointer] = [:]
    for path in document.root["paths"]?.members ?? [] where !path.name.hasPrefix("x-") {
      try add(path.name, prefixes, &names)
    }
    try finish()
  }

  /// Enters one path with all its operations.
  private mutating func add(
    _ template: String, _ prefixes: [String], _ names: inout [String: JSONPointer]
  ) throws(APIFault) {
    let written = JSONPointer(["paths", template])
    guard template.hasPrefix("/") else {
      throw document.fault("the path '\(template)' does not begin with '/'", written)
    }
    let (item, place) = try document.resolved(written)
    guard case .object = item else {
      return remark("a path that is no object is left out", written)
    }
    // What a fragment or a query would add is no part of a path.
    let plain = String(template.prefix { $0 != "?" && $0 != "#" })
    let parameters = SegmentTemplate.names(plain)
    guard Set(parameters).count == parameters.count else {
      throw document.fault("the path '\(template)' has two parameters of one name", written)
    }
    var number = methods.count
    for prefix in prefixes { number = tree.insert(prefix + plain, number) }
    if number == methods.count {
      methods.append([])
    } else {
      remark("'\(template)' matches the same paths as another; what either allows passes", written)
    }
    for method in ContractCompiler.methodNames where item[method] != nil {
      guard case .object = item[method] else {
        remark("an operation that is no object is left out", place.appending(method))
        continue
      }
      let draft = try read(place.appending(method), of: item, place, template: plain)
      if let name = draft.identifier, let other = names.updateValue(draft.place, forKey: name) {
        throw document.fault(
          "the operationId '\(name)' is that of \(other) already", draft.place)
      }
      let name = method.uppercased()
      if let known = methods[number].firstIndex(where: { $0.method == name }) {
        methods[number][known].operations.append(drafts.count)
      } else {
        methods[number].append(MethodEntry(method: name, operations: [drafts.count]))
      }
      drafts.append(draft)
    }
  }

  /// Notes what is odd and taken all the same.
  mutating func remark(_ text: String, _ place: JSONPointer) {
    guard remarks.count < ContractCompiler.remarksMax else { return }
    remarks.append(document.fault(text, place))
  }

  /// The number that the schema at a place will have.
  mutating func number(of schema: JSONPointer) -> Int {
    isInResponses ? responsePlaces.number(of: schema) : requestPlaces.number(of: schema)
  }

  /// Compiles all schemas together, and with them the operations.
  private mutating func finish() throws(APIFault) {
    let compiled = CompiledSchemas(
      requests: try compile(requestPlaces, .request, closes: false),
      closedRequests: settings.tellsUnknownMembers
        ? try compile(requestPlaces, .request, closes: true) : [],
      responses: try compile(responsePlaces, .response, closes: true), xml: xml.compile())
    operations = drafts.map { $0.operation(compiled) }
  }

  private func compile(
    _ places: SchemaPlaces, _ direction: SchemaDirection, closes: Bool
  ) throws(APIFault) -> [JSONSchema] {
    // What nothing of a request refers to is looked through as well, so that its faults are told.
    if places.all.isEmpty, direction == .response { return [] }
    var settings = JSONSchema.Settings()
    settings.dialect = document.dialect
    settings.assertsFormats = true
    settings.readsDiscriminators = true
    settings.direction = direction
    settings.closesObjects = closes
    do throws(SchemaFault) {
      return try JSONSchema.all(at: places.all, of: document.root, settings: settings)
    } catch {
      throw document.fault(error.reason, error.pointer)
    }
  }
}
