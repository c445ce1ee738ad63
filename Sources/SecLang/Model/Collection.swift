/// A variable of the rule language that is a part of the request.
enum Collection {
  /// The kinds of input that a variable is made of; nil if it is none of these.
  static func kinds(_ name: String) -> [InputKind]? { table[name] }

  private static let table: [String: [InputKind]] = [
    "ARGS": [.queryArgument, .bodyArgument],
    "ARGS_GET": [.queryArgument],
    "ARGS_POST": [.bodyArgument],
    "ARGS_NAMES": [.queryArgumentName, .bodyArgumentName],
    "ARGS_GET_NAMES": [.queryArgumentName],
    "ARGS_POST_NAMES": [.bodyArgumentName],
    "REQUEST_COOKIES": [.cookie],
    "REQUEST_COOKIES_NAMES": [.cookieName],
    "REQUEST_HEADERS": [.header],
    "REQUEST_HEADERS_NAMES": [.headerName],
    "FILES": [.fileName],
    "FILES_NAMES": [.fileField],
    "FILES_DISGUISED": [.fileSignature],
    "MULTIPART_FILENAME": [.fileName],
    "MULTIPART_NAME": [.fileField],
    "MULTIPART_PART_HEADERS": [.partHeader],
    "REQUEST_BODY": [.body],
    "REQUEST_FILENAME": [.path],
    "REQUEST_BASENAME": [.baseName],
    "REQUEST_URI": [.target],
    "REQUEST_URI_RAW": [.rawTarget],
    "QUERY_STRING": [.query],
    "REQUEST_LINE": [.requestLine],
    "REQUEST_METHOD": [.method],
    "REQUEST_PROTOCOL": [.version],
    "REMOTE_ADDR": [.clientAddress],
    "SERVER_NAME": [.hostName],
    "PATH_SEGMENTS": [.pathSegment],
    "XML:/*": [.xmlText],
    "XML://@*": [.xmlAttribute],
  ]
}
