/// A command line as shells of either kind would read it.
enum CommandForm {
  /// Appends `text` without quotes, backslashes and carets; with `,`, `;` and white space as one
  /// blank, none of them before `/` or `(`; and in lower case.
  static func normalize(_ text: Span<UInt8>, _ output: inout [UInt8]) {
    var owesBlank = false
    for at in text.indices {
      let byte = text[at]
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"), UInt8(ascii: "^"): continue
      case 0x20, 0x09...0x0D, UInt8(ascii: ","), UInt8(ascii: ";"): owesBlank = true
      default:
        if owesBlank, byte != UInt8(ascii: "/"), byte != UInt8(ascii: "(") { output.append(0x20) }
        owesBlank = false
        output.append(byte &- 0x41 < 26 ? byte | 0x20 : byte)
      }
    }
    if owesBlank { output.append(0x20) }
  }
}
