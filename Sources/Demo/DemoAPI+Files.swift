extension DemoAPI {
  func files(_ request: DemoRequest) -> DemoResponse {
    switch request.segments.count {
    case 1:
      if let refusal = request.only(["GET"]) { return refusal }
      let files = store.with(\.files).map(\.json)
      return .json(.object([("files", .array(files)), ("total", .integer(files.count))]))
    case 2:
      if let refusal = request.only(["GET", "PUT", "DELETE"]) { return refusal }
      let name = request.segments[1]
      guard DemoFile.isName(name) else {
        return .problem(
          400, "Bad Request", "The name of a file is 1 to 64 letters, digits, '.', '_' and '-'.")
      }
      return file(name, request)
    default: return .notFound("such path")
    }
  }

  private func file(_ name: String, _ request: DemoRequest) -> DemoResponse {
    switch request.method {
    case "PUT":
      let file = DemoFile(
        name: name, contentType: DemoAPI.contentType(of: name), content: request.body)
      guard let isNew = store.with({ $0.keep(file) }) else { return .full("files") }
      return .json(
        file.json, status: isNew ? 201 : 200, fields: isNew ? [("Location", "/files/\(name)")] : [])
    case "DELETE":
      return store.with { $0.removeFile(name) }
        ? DemoResponse(status: 204) : .notFound("such file")
    default:
      guard let file = store.with({ $0.file(name) }) else { return .notFound("such file") }
      return DemoResponse(status: 200, contentType: file.contentType, body: file.content)
    }
  }

  /// By the name's ending, and never one that a browser would run.
  private static func contentType(of name: String) -> String {
    switch name.split(separator: ".").last {
    case "txt", "csv", "md": "text/plain; charset=utf-8"
    case "json": "application/json"
    case "png": "image/png"
    case "jpg", "jpeg": "image/jpeg"
    default: "application/octet-stream"
    }
  }
}
