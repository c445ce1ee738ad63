/// `text` in single quotes, fit for one line of a terminal: short, and without control characters.
///
/// What a file holds may have been written by somebody else (CWE-117).
func quoted(_ text: String) -> String {
  let countMax = 60
  var shown = "'"
  for (place, scalar) in text.unicodeScalars.enumerated() {
    if place == countMax { return shown + "…'" }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
      .unassigned:
      shown += "\\u{" + String(scalar.value, radix: 16) + "}"
    default: shown.unicodeScalars.append(scalar)
    }
  }
  return shown + "'"
}
