import Base
import HTTP
import PolicyKit

/// The parts of answers that the gateway gives itself.
enum Reply {
  /// Writes a problem document (RFC 9457 §3); `errors` is a JSON array, or empty for none.
  static func write(_ problem: Problem, errors: [UInt8], into body: inout ByteBuffer) {
    body.append("{\"type\":\"urn:gatehouse:problem:")
    body.append(problem.code)
    body.append("\",\"title\":\"")
    body.append(problem.title)
    body.append("\",\"status\":")
    body.append(decimal: problem.status)
    if !errors.isEmpty {
      body.append(",\"errors\":")
      body.append(errors.span)
    }
    body.append("}\n")
  }

  /// What `Content-Length` says, or nil.
  static func contentLength(_ fields: borrowing Fields) -> Int? {
    guard let told = fields.value(.contentLength) else { return nil }
    return ASCII.decimal(fields[told])
  }

  /// Appends a field whose value is a number.
  static func append(_ fields: inout Fields, _ name: StaticString, number: Int) {
    var text = ByteBuffer(capacity: 24)
    text.append(decimal: number)
    fields.append(name: name, value: text.readable)
  }

  /// The request as a responder gets it.
  static func serviceRequest(_ exchange: borrowing Exchange, _ body: [UInt8]) -> ServiceRequest {
    let fields = exchange.request.fields
    let request = exchange.request
    var listed = fields.lines.filter { !$0.name.isEmpty }.map {
      (name: fields.text($0.name), value: fields.text($0.value))
    }
    if !request.host.isEmpty, !listed.contains(where: { $0.name == "host" }) {
      listed.append((name: "host", value: fields.text(request.host)))
    }
    return ServiceRequest(
      method: fields.text(request.methodText), path: fields.text(request.path),
      query: fields.text(request.query), fields: listed, body: body,
      client: exchange.client.description, isSecure: exchange.isSecure)
  }
}
