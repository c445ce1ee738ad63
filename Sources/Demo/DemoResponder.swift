public import HTTP

/// The demo as a service that the gateway's own server answers for.
public struct DemoResponder: Responder {
  private let demo: DemoAPI

  /// Serves this shop.
  public init(_ demo: DemoAPI = DemoAPI()) { self.demo = demo }

  /// The demo's answer; one to HEAD keeps its body, whose length the server tells.
  public func respond(to request: ServiceRequest) -> ServiceResponse {
    let response = demo.respond(
      method: request.method, path: request.path, query: request.query, body: request.body)
    var fields = response.fields.map { (name: $0.name.lowercased(), value: $0.value) }
    if let type = response.contentType { fields.append(("content-type", type)) }
    return ServiceResponse(status: response.status, fields: fields, body: response.body)
  }
}
