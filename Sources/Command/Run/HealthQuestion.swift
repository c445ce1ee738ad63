import Blueprint
import Client

/// What an upstream is asked to find out whether it is well, and what its answer says.
struct HealthQuestion {
  private let health: HealthBlueprint
  private let speaksHTTP2: Bool

  init(_ health: HealthBlueprint, speaksHTTP2: Bool) {
    self.health = health
    self.speaksHTTP2 = speaksHTTP2
  }

  /// The request.
  func request(to origin: ClientOrigin) -> ClientRequest {
    var request = ClientRequest(
      "GET", origin, target: health.path, fields: [("user-agent", "gatehouse-health")])
    if health.kind == .grpc {
      request = ClientRequest(
        "POST", origin, target: "/grpc.health.v1.Health/Check",
        fields: [("user-agent", "gatehouse-health"), ("content-type", "application/grpc")],
        body: HealthQuestion.message(about: health.service))
    }
    request.onlyConnects = health.kind == .tcp
    request.speaksHTTP2 = speaksHTTP2 && health.kind != .tcp
    request.host = health.host
    request.limits.wholeMilliseconds = health.timeoutMilliseconds
    request.limits.bodyBytesMax = 1024 * 1024
    return request
  }

  /// What an answer says is wrong; nil if all is well.
  func flaw(of answer: ClientResponse) -> String? {
    switch health.kind {
    case .tcp: return nil
    case .http:
      return (200..<400).contains(answer.status) ? nil : "the answer has status \(answer.status)"
    case .grpc:
      if answer.status != 200 { return "the answer has status \(answer.status)" }
      let code =
        answer.trailers.first { $0.name == "grpc-status" }?.value ?? answer.value("grpc-status")
      if code != "0" { return "the answer has gRPC's status \(code ?? "missing")" }
      let state = HealthQuestion.state(in: answer.body)
      return state == 1 ? nil : "it says that it is in state \(state.map { "\($0)" } ?? "unknown")"
    }
  }

  // MARK: Messages of grpc.health.v1, in the form of Protocol Buffers

  /// A `HealthCheckRequest`: five bytes of gRPC, then the name as field 1.
  static func message(about service: String) -> [UInt8] {
    let name = Array(service.utf8)
    let message = name.isEmpty ? [] : [0x0A, UInt8(name.count)] + name
    return [0, 0, 0, 0, UInt8(message.count)] + message
  }

  /// The `status` of a `HealthCheckResponse`, field 1; nil if the bytes are none.
  static func state(in body: [UInt8]) -> UInt64? {
    guard body.count >= 5, body[0] == 0 else { return nil }
    let count = body[1...4].reduce(0) { $0 << 8 | Int($1) }
    guard body.count == 5 + count else { return nil }
    var rest = body[5...]
    var state: UInt64 = 0
    while !rest.isEmpty {
      guard let tag = number(&rest) else { return nil }
      switch tag & 7 {
      case 0:
        guard let value = number(&rest) else { return nil }
        if tag >> 3 == 1 { state = value }
      case 1: if rest.count < 8 { return nil } else { rest = rest.dropFirst(8) }
      case 2:
        guard let length = number(&rest), length <= UInt64(rest.count) else { return nil }
        rest = rest.dropFirst(Int(length))
      case 5: if rest.count < 4 { return nil } else { rest = rest.dropFirst(4) }
      default: return nil
      }
    }
    return state
  }

  /// A number of seven bits a byte, the lowest first.
  private static func number(_ bytes: inout ArraySlice<UInt8>) -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 63, by: 7) {
      guard let byte = bytes.popFirst() else { return nil }
      value |= UInt64(byte & 0x7F) << shift
      if byte & 0x80 == 0 { return value }
    }
    return nil
  }
}
