/// What a call came to, where gRPC says so itself.
public enum GRPCCode: Int, Sendable {
  case unknown = 2
  case deadlineExceeded = 4
  case permissionDenied = 7
  case unimplemented = 12
  case `internal` = 13
  case unavailable = 14
  case unauthenticated = 16

  /// The code that stands for a status (gRPC, "HTTP to gRPC Status Code Mapping").
  public init(status: Int) {
    self =
      switch status {
      case 400: .internal
      case 401: .unauthenticated
      case 403: .permissionDenied
      case 404: .unimplemented
      case 429, 502, 503, 504: .unavailable
      default: .unknown
      }
  }
}
