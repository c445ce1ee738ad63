/// A step that brings a text into another form before a rule looks at it.
enum Transformation: String, CaseIterable, Sendable {
  case base64Decode, base64DecodeExt, base64Encode
  case cmdLine, compressWhitespace, cssDecode, escapeSeqDecode
  case hexDecode, hexEncode, htmlEntityDecode, jsDecode, length, lowercase, uppercase
  case normalizePath, normalizePathWin, normalisePath, normalisePathWin
  case removeComments, removeCommentsChar, removeNulls, removeWhitespace, replaceComments
  case replaceNulls, sha1, sqlHexDecode, trim, trimLeft, trimRight
  case urlDecode, urlDecodeUni, urlEncode, utf8toUnicode

  /// What a text must hold for the step to change anything; a text without any stays as it is.
  var needs: TextTraits {
    switch self {
    case .lowercase: [.upper]
    case .uppercase: [.lower]
    case .urlDecode, .urlDecodeUni: [.percent, .plus]
    case .htmlEntityDecode: [.ampersand]
    case .jsDecode, .cssDecode, .escapeSeqDecode: [.backslash]
    case .removeNulls, .replaceNulls: [.zero]
    case .removeWhitespace: [.space, .control, .foreign]
    case .compressWhitespace, .trim, .trimLeft, .trimRight: [.wideSpace, .control, .foreign]
    case .normalizePath, .normalisePath: [.slash, .dot]
    case .normalizePathWin, .normalisePathWin: [.slash, .dot, .backslash]
    case .replaceComments: [.slash]
    case .removeComments, .removeCommentsChar: [.slash, .comment]
    // A blank counts only where it is one of several, or before a slash or a bracket.
    case .cmdLine: [.upper, .wideSpace, .control, .shell, .quote, .slash, .parenthesis]
    case .utf8toUnicode: [.foreign]
    default: .all
    }
  }

  /// Whether what comes of a text holds no kinds of bytes but the text's own, in either case, and
  /// blanks.
  var addsNothing: Bool {
    switch self {
    case .lowercase, .uppercase, .removeNulls, .replaceNulls, .compressWhitespace,
      .removeWhitespace, .trim, .trimLeft, .trimRight, .normalizePath, .normalisePath,
      .replaceComments, .removeComments, .removeCommentsChar, .cmdLine:
      true
    default: false
    }
  }

  /// Appends to `output` what `text` becomes.
  func apply(_ text: Span<UInt8>, to output: inout [UInt8]) {
    switch self {
    case .lowercase: each(text, &output, Transformation.lower)
    case .uppercase: each(text, &output, Transformation.upper)
    case .urlDecode: URLDecoding.decode(text, &output, takesUnicode: false)
    case .urlDecodeUni: URLDecoding.decode(text, &output, takesUnicode: true)
    case .urlEncode: URLDecoding.encode(text, &output)
    case .htmlEntityDecode: EntityDecoding.decode(text, &output)
    case .jsDecode: EscapeDecoding.script(text, &output)
    case .cssDecode: EscapeDecoding.style(text, &output)
    case .escapeSeqDecode: EscapeDecoding.sequences(text, &output)
    case .base64Decode: Base64Decoding.decode(text, &output, isForgiving: false)
    case .base64DecodeExt: Base64Decoding.decode(text, &output, isForgiving: true)
    case .base64Encode: Base64Decoding.encode(text, &output)
    case .hexDecode: HexCoding.decode(text, &output)
    case .hexEncode: HexCoding.encode(text, &output)
    case .sqlHexDecode: HexCoding.decodeLiterals(text, &output)
    case .length: output += Array(String(text.count).utf8)
    case .sha1: LegacyDigest.sha1(text, &output)
    case .normalizePath, .normalisePath: PathForm.normalize(text, &output, isWindows: false)
    case .normalizePathWin, .normalisePathWin: PathForm.normalize(text, &output, isWindows: true)
    case .removeNulls: remove(text, &output) { $0 == 0 }
    case .replaceNulls: each(text, &output) { $0 == 0 ? 0x20 : $0 }
    case .removeWhitespace: WhitespaceForm.remove(text, &output)
    case .compressWhitespace: WhitespaceForm.compress(text, &output)
    case .trim: WhitespaceForm.trim(text, &output, left: true, right: true)
    case .trimLeft: WhitespaceForm.trim(text, &output, left: true, right: false)
    case .trimRight: WhitespaceForm.trim(text, &output, left: false, right: true)
    case .replaceComments: CommentForm.replace(text, &output)
    case .removeComments: CommentForm.remove(text, &output)
    case .removeCommentsChar: CommentForm.removeMarks(text, &output)
    case .cmdLine: CommandForm.normalize(text, &output)
    case .utf8toUnicode: UnicodeForm.escape(text, &output)
    }
  }

  private static func lower(_ byte: UInt8) -> UInt8 {
    byte &- 0x41 < 26 ? byte | 0x20 : byte
  }

  private static func upper(_ byte: UInt8) -> UInt8 {
    byte &- 0x61 < 26 ? byte & 0xDF : byte
  }

  @inline(__always)
  private func each(_ text: Span<UInt8>, _ output: inout [UInt8], _ map: (UInt8) -> UInt8) {
    for at in text.indices { output.append(map(text[at])) }
  }

  @inline(__always)
  private func remove(_ text: Span<UInt8>, _ output: inout [UInt8], _ isGone: (UInt8) -> Bool) {
    for at in text.indices where !isGone(text[at]) { output.append(text[at]) }
  }
}
