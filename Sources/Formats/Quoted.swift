/// Text as messages show it: between quotes, short, and on one line.
func quoted(_ text: String) -> String {
  let countMax = 60
  var shown = "'"
  for (place, scalar) in text.unicodeScalars.enumerated() {
    if place == countMax { return shown + "…'" }
    append(scalar, to: &shown)
  }
  return shown + "'"
}

/// Text with whatever does not show written out: it stays one line, and does nothing to the
/// terminal that it is read on (CWE-117).
func onOneLine(_ text: String) -> String {
  if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
  var shown = ""
  for scalar in text.unicodeScalars { append(scalar, to: &shown) }
  return shown
}

private func append(_ scalar: Unicode.Scalar, to shown: inout String) {
  switch scalar.properties.generalCategory {
  case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
    .unassigned:
    shown += "\\u{" + String(scalar.value, radix: 16) + "}"
  default: shown.unicodeScalars.append(scalar)
  }
}
