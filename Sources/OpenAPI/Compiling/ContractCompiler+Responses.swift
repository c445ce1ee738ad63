import Formats

/// Responses, their headers and their contents.
extension ContractCompiler {
  mutating func responses(
    of operation: JSONValue, _ place: JSONPointer
  ) throws(APIFault) -> [OperationDraft.Response] {
    isInResponses = true
    defer { isInResponses = false }
    var found: [OperationDraft.Response] = []
    for member in operation["responses"]?.members ?? [] where !member.name.hasPrefix("x-") {
      let written = place.appending("responses").appending(member.name)
      guard let status = ContractResponse.Status(member.name) else {
        remark("'\(member.name)' is no status and is left out", written)
        continue
      }
      let (response, own) = try document.resolved(written)
      found.append(
        OperationDraft.Response(
          status: status, headers: try headers(of: response, own),
          contents: contents(of: response, own)))
    }
    return found
  }

  /// The headers of a response; `Content-Type` is none (OpenAPI 3.1 §4.8.17).
  private mutating func headers(
    of response: JSONValue, _ place: JSONPointer
  ) throws(APIFault) -> [OperationDraft.Parameter] {
    var found: [OperationDraft.Parameter] = []
    for member in response["headers"]?.members ?? []
    where member.name.lowercased() != "content-type" {
      let (value, own) = try document.resolved(
        place.appending("headers").appending(member.name))
      var draft = OperationDraft.Parameter(
        place: .header, name: member.name, isRequired: value["required"]?.boolean ?? false,
        allowsEmpty: true, style: .simple, isExploded: value["explode"]?.boolean ?? false)
      if value["schema"] != nil {
        draft.schema = number(of: own.appending("schema"))
        draft.shape = ValueShape(value["schema"] ?? .null, in: document)
      }
      found.append(draft)
    }
    return found
  }
}
