/// A small shop with orders, users and files: something to put the gateway in front of.
///
/// It is pure logic: whoever serves it passes in what a request holds and sends what comes back.
/// Its data are samples in memory, which start anew with each instance. It protects nothing itself,
/// as that is the gateway's business.
public struct DemoAPI: Sendable {
  /// Longest body that is read, in bytes: that of a file.
  public static let bodyBytesMax = DemoFile.bytesMax

  let store = DemoStore()

  /// A shop with its sample data.
  public init() {}

  /// Answers one request.
  ///
  /// `path` is absolute and without query; `query` is without its question mark, and empty if there
  /// is none. A longer body than `bodyBytesMax` is refused (413).
  public func respond(
    method: String, path: String, query: String, body: [UInt8]
  ) -> DemoResponse {
    guard body.count <= DemoAPI.bodyBytesMax else {
      return .problem(
        413, "Content Too Large", "At most \(DemoAPI.bodyBytesMax) bytes are accepted.")
    }
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    let request = DemoRequest(
      method: method == "HEAD" ? "GET" : method, segments: parts.map(String.init), query: query,
      body: body)
    switch request.segments.first {
    case "orders": return orders(request)
    case "users": return users(request)
    case "files": return files(request)
    case "health" where request.segments.count == 1:
      return request.only(["GET"]) ?? .json(.object([("status", .text("up"))]))
    case "openapi.yaml" where request.segments.count == 1:
      return request.only(["GET"])
        ?? DemoResponse(
          status: 200, contentType: "application/yaml", body: Array(OpenAPIDocument.text.utf8))
    default: return .notFound("such path")
    }
  }
}
