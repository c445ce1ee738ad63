/// A response without its content, in canonical form.
public struct ResponseHead: Sendable {
  /// The status code, 100 to 999.
  public var status = 0
  public var framing = BodyFraming.none
  public var fields = Fields()

  public init() {}

  /// Makes the object ready for the next response and keeps its storage.
  public mutating func clear() {
    status = 0
    framing = .none
    fields.clear()
  }

  /// Whether it comes before a final response (RFC 9110 §15.2).
  public var isInterim: Bool { status >= 100 && status < 200 }
}
