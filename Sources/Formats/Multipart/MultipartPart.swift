/// The head of one part of a form (RFC 7578 §4).
public struct MultipartPart: Hashable, Sendable {
  /// The name of the form's field.
  public var name: [UInt8] = []
  /// The name of the file; nil for a field that is none.
  public var fileName: [UInt8]?
  /// What `Content-Type` says, as written; nil if it is missing.
  public var contentType: [UInt8]?
}
