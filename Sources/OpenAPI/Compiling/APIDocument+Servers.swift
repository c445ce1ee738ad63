import Formats

/// What a description says of where the API is.
extension APIDocument {
  /// The paths of the servers (OpenAPI 3.1 §4.8.5): each once, without a slash at the end.
  var basePaths: [String] {
    var found: [String] = []
    for server in root["servers"]?.elements ?? [] {
      var url = server["url"]?.string ?? "/"
      for variable in server["variables"]?.members ?? [] {
        url.replace("{\(variable.name)}", with: variable.value["default"]?.string ?? "")
      }
      let path = APIDocument.path(of: url)
      if !found.contains(path) { found.append(path) }
    }
    return found.isEmpty ? [""] : found
  }

  private static func path(of url: String) -> String {
    var rest = Substring(url).prefix { $0 != "?" && $0 != "#" }
    if let scheme = rest.firstRange(of: "//") {
      rest = rest[scheme.upperBound...].drop { $0 != "/" }
    }
    while rest.hasSuffix("/") { rest.removeLast() }
    return rest.isEmpty || rest.hasPrefix("/") ? String(rest) : "/" + rest
  }
}
