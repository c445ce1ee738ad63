/// What part of a request a text is; the rules' collections are made of these.
public enum InputKind: UInt8, CaseIterable, Sendable {
  /// The value and the name of a parameter in the query.
  case queryArgument, queryArgumentName
  /// The value and the name of a parameter in the content: a form's field, a JSON or XML value.
  case bodyArgument, bodyArgumentName
  case cookie, cookieName
  case header, headerName
  /// The name that a file was uploaded under, and that of its field.
  case fileName, fileField
  /// What an upload is that passes for something else.
  case fileSignature
  /// A header line of a part of a multipart body.
  case partHeader
  /// Text and attribute values of XML.
  case xmlText, xmlAttribute
  /// The content as it is.
  case body
  /// The path, decoded by nobody; its last segment; path and query; the whole target.
  case path, baseName, target, rawTarget
  case query, requestLine, method, version, clientAddress, hostName
  /// A segment of the path, which routes read as a parameter.
  case pathSegment

  /// The place of the kind in a mask.
  var bit: UInt64 { 1 << UInt64(rawValue) }
}
