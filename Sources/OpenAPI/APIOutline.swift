import Formats

/// What a description of an API is about, without its schemas.
public struct APIOutline: Sendable {
  /// A security scheme of the description.
  public struct Scheme: Sendable {
    /// Its name in the description.
    public let name: String
    public let kind: SecurityNeed.Kind
    /// `apiKey`, `http bearer` and so on, for people.
    public let type: String
    /// Where a key is: `header`, `query` or `cookie`, and the parameter's name; nil for others.
    public let key: (place: String, parameter: String)?
  }

  /// What the API calls itself.
  public let title: String
  /// The addresses of its servers, as written.
  public let servers: [String]
  /// All paths, with the servers' before them; each once.
  public let pathTemplates: [String]
  /// How many operations they have.
  public let operationCount: Int
  /// The operations, with the servers' paths before theirs.
  public let operations: [OutlinedOperation]
  public let schemes: [Scheme]
  /// Parts of the description that a gateway does nothing with, in words.
  public let unused: [String]

  /// Reads a description in JSON or YAML.
  public init(_ description: [UInt8]) throws(APIFault) {
    let document = try APIDocument(description)
    title = document.root["info"]?["title"]?.string ?? ""
    servers = (document.root["servers"]?.elements ?? []).compactMap { $0["url"]?.string }
    var templates: [String] = []
    var operations = 0
    var outlined: [OutlinedOperation] = []
    var callbacks = 0
    var links = 0
    let prefixes = document.basePaths
    for path in document.root["paths"]?.members ?? [] where path.name.hasPrefix("/") {
      let plain = String(path.name.prefix { $0 != "?" && $0 != "#" })
      for prefix in prefixes where !templates.contains(prefix + plain) {
        templates.append(prefix + plain)
      }
      let item = (try? document.resolved(JSONPointer(["paths", path.name])).value) ?? path.value
      for method in ContractCompiler.methodNames {
        guard let operation = item[method] else { continue }
        operations += 1
        let isDeprecated = operation["deprecated"]?.boolean ?? false
        outlined += prefixes.map {
          OutlinedOperation(
            method: method.uppercased(), path: $0 + plain, isDeprecated: isDeprecated)
        }
        callbacks += operation["callbacks"]?.members.count ?? 0
        for response in operation["responses"]?.members ?? [] {
          links += response.value["links"]?.members.count ?? 0
        }
      }
    }
    pathTemplates = templates
    operationCount = operations
    self.operations = outlined
    schemes = APIOutline.schemes(document)
    var unused: [String] = []
    if callbacks > 0 { unused.append("\(callbacks) callbacks: requests that the API itself makes") }
    if links > 0 { unused.append("\(links) links between responses and operations") }
    let webhooks = document.root["webhooks"]?.members.count ?? 0
    if webhooks > 0 { unused.append("\(webhooks) webhooks: requests that the API itself makes") }
    self.unused = unused
  }

  private static func schemes(_ document: APIDocument) -> [Scheme] {
    (document.root["components"]?["securitySchemes"]?.members ?? []).compactMap { member in
      let place = JSONPointer(["components", "securitySchemes", member.name])
      guard let value = try? document.resolved(place).value else { return nil }
      let type = [value["type"]?.string, value["scheme"]?.string].compactMap { $0 }
      var key: (place: String, parameter: String)?
      if let place = value["in"]?.string, let name = value["name"]?.string { key = (place, name) }
      return Scheme(
        name: member.name, kind: SecurityNeed.Kind(value), type: type.joined(separator: " "),
        key: key)
    }
  }
}
