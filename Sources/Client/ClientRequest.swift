import HTTP

/// A request to send: what it says is sent byte for byte, as far as it can be framed.
package struct ClientRequest: Sendable {
  /// Where it goes.
  package var origin: ClientOrigin
  /// The method's token.
  package var method: String
  /// Path and query. Bytes beyond ASCII and odd escapes are sent as they are; space and control
  /// characters are refused, since they would end the request line.
  package var target: [UInt8]
  /// Fields beside `Host` and those of framing; names are sent in lower case.
  package var fields: [(name: String, value: String)]
  /// What `Host` says; nil for the origin's own authority.
  package var host: String?
  /// The content; nil for none.
  package var body: [UInt8]?
  /// Whether it may be sent again where a kept connection ended without a byte of an answer; nil
  /// for as its method says (RFC 9110 §9.2.2).
  package var isRepeatable: Bool?
  /// Whether HTTP/2 is spoken, by prior knowledge or as TLS agrees.
  package var speaksHTTP2 = false
  /// Whether nothing is asked: a connection that stands, secured where that is due, is an answer
  /// with status 0.
  package var onlyConnects = false
  /// Time and size limits of the exchange.
  package var limits = ClientLimits()

  package init(
    _ method: String, _ origin: ClientOrigin, target: String,
    fields: [(name: String, value: String)] = [], body: [UInt8]? = nil
  ) {
    self.method = method
    self.origin = origin
    self.target = Array(target.utf8)
    self.fields = fields
    self.body = body
  }

  /// The request in canonical form, without its framing.
  var head: RequestHead {
    var head = RequestHead()
    head.method = Method(method.utf8.span)
    head.methodText = head.fields.store(method.utf8.span)
    let target = target
    head.path = head.fields.store(target.span)
    head.acceptsTrailers = speaksHTTP2
    for field in fields {
      let name = field.name.lowercased()
      head.fields.append(name: name.utf8.span, value: field.value.utf8.span)
    }
    return head
  }

  /// Why it cannot be framed; nil if it can.
  var flaw: String? {
    if method.isEmpty || !method.utf8.allSatisfy(ClientRequest.isToken) { return "method" }
    if target.isEmpty || target.contains(where: { $0 <= 0x20 || $0 == 0x7F }) { return "target" }
    if let host, host.isEmpty || host.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) {
      return "host"
    }
    for field in fields {
      if field.name.isEmpty || !field.name.utf8.allSatisfy(ClientRequest.isToken) {
        return "field name"
      }
      if field.value.utf8.contains(where: { $0 == 0 || $0 == 0x0A || $0 == 0x0D }) {
        return "value of the field \(field.name)"
      }
    }
    return nil
  }

  /// RFC 9110 §5.6.2.
  private static func isToken(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }
}
