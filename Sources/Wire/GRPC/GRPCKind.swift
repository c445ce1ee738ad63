import Base
public import HTTP

/// Whether a message belongs to a call of gRPC, by its `Content-Type`, and how that is carried.
public enum GRPCKind: Sendable {
  case none
  /// `application/grpc`, by HTTP/2 with trailers.
  case grpc
  /// `application/grpc-web`: trailers are the last frame of the content.
  case web
  /// `application/grpc-web-text`: the same in base64.
  case webText

  /// What a request is; calls are made by POST alone.
  public init(of request: borrowing RequestHead) {
    self = request.method == .post ? GRPCKind(of: request.fields) : .none
  }

  /// What the message is that has these fields.
  public init(of fields: borrowing Fields) {
    guard let type = fields.value(.contentType) else {
      self = .none
      return
    }
    self.init(type: fields[type])
  }

  /// What `type` names: one of the names, with `+` and the form of messages behind it, or
  /// parameters.
  init(type: Span<UInt8>) {
    if Self.has(type, "application/grpc-web-text") {
      self = .webText
    } else if Self.has(type, "application/grpc-web") {
      self = .web
    } else {
      self = Self.has(type, "application/grpc") ? .grpc : .none
    }
  }

  private static func has(_ type: Span<UInt8>, _ name: StaticString) -> Bool {
    let count = name.utf8CodeUnitCount
    guard type.count >= count, ASCII.equalsIgnoringCase(type.extracting(first: count), name) else {
      return false
    }
    if type.count == count { return true }
    let next = type[count]
    return next == UInt8(ascii: "+") || next == UInt8(ascii: ";") || next == 0x20
  }

  /// The bytes of the name alone, without what may stand behind it.
  public var name: StaticString {
    switch self {
    case .none: ""
    case .grpc: "application/grpc"
    case .web: "application/grpc-web"
    case .webText: "application/grpc-web-text"
    }
  }
}
