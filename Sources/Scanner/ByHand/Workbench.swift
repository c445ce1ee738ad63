package import Client

/// Sends single requests to an API as one of its identities; what the tools by hand stand on.
package struct Workbench: Sendable {
  private let job: ScanJob
  private let origin: ClientOrigin
  private let basePath: String
  private let client: Client

  /// A bench for the API at `target`.
  package init(
    _ description: APIDescription, identities: [UInt8]?, target: String, client: Client
  ) throws(ScanError) {
    job = try ScanJob(
      description, named: "description", identities: identities, target: target, client: client)
    guard let (origin, path) = ClientOrigin.split(target) else {
      throw .target("'\(target)' is no http or https URL")
    }
    self.origin = origin
    basePath = OpenAPIImport.path(of: String(path.prefix { $0 != "?" }))
    self.client = client
  }

  /// The fields by which `name` proves who it is, after a login if it needs one.
  package func credential(
    of name: String?
  ) async throws(ScanError) -> [(name: String, value: String)] {
    guard let name else { return [] }
    guard let identity = job.identities.first(where: { $0.name == name }) else {
      throw .identities("there is nobody called '\(name)'")
    }
    var settings = ScanSettings(origin: origin, basePath: basePath)
    settings.requestsMax = 10
    let scan = Scan(job.description, identities: [identity], settings: settings, client: client)
    try await scan.logIn()
    return await scan.identities[0].headers.map { ($0.name, $0.value.scalarText ?? "") }
  }

  /// A request by the words of a user: `GET /orders/{id}`, with values for what is in braces.
  ///
  /// For an operation of the description, values, query and content are made up where none are
  /// given, as far as the description says what fits.
  package func request(
    _ words: String, values: [String: String], query: [(String, String)],
    fields: [(String, String)], body: [UInt8]?
  ) async throws(ScanError) -> ManualRequest {
    let parts = words.split(separator: " ", maxSplits: 1).map(String.init)
    let method = parts.count > 1 ? parts[0].uppercased() : "GET"
    guard let target = parts.last, target.hasPrefix("/") else {
      throw .description("a request is written as 'GET /path', not '\(words)'")
    }
    let path = String(target.prefix { $0 != "?" })
    let known = job.description.operations.first { $0.method == method && $0.path == path }
    let scan = Scan(
      job.description, identities: [], settings: ScanSettings(origin: origin), client: client)
    var all = values
    for parameter in known?.pathParameters ?? [] where all[parameter.name] == nil {
      all[parameter.name] = await scan.value(of: parameter)
    }
    var filled = target
    for (name, value) in all { filled = filled.replacing("{\(name)}", with: URLText.encode(value)) }
    if filled.contains("{"), known != nil {
      throw .description("'\(path)' needs values: --set NAME=VALUE")
    }
    var call = Call(method, filled)
    if let known {
      call.mediaType = known.mediaType
      await scan.complete(&call, for: known)
      if body == nil {
        var markers: [String] = []
        call.body = await scan.content(of: known, .exampled, &markers)
      }
    }
    for (name, value) in query { call = call.with(query: name, value) }
    for (name, value) in fields { call = call.with(field: name, value) }
    if let body { call.raw = String(decoding: body, as: UTF8.self) }
    return ManualRequest(
      method: method, target: basePath + call.target, fields: call.fields,
      body: call.content, contentType: call.content == nil ? nil : call.contentType)
  }

  /// Sends a request.
  package func send(
    _ request: ManualRequest, credential: [(name: String, value: String)]
  ) async throws(ClientError) -> ClientResponse {
    var fields = request.fields
    for (name, value) in credential
    where !fields.contains(where: { $0.name.lowercased() == name.lowercased() }) {
      fields.append((name, value))
    }
    if let type = request.contentType,
      !fields.contains(where: { $0.name.lowercased() == "content-type" })
    {
      fields.append(("content-type", type))
    }
    if !fields.contains(where: { $0.name.lowercased() == "user-agent" }) {
      fields.append(("user-agent", "gatehouse"))
    }
    return try await client.send(
      ClientRequest(
        request.method, origin, target: request.target, fields: fields, body: request.body))
  }
}
