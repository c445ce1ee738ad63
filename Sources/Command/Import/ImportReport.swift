/// Says what became of each part of a file.
struct ImportReport {
  private let notes: [ImportNote]

  init(_ notes: [ImportNote]) { self.notes = notes }

  private static let titles: [(ImportNote.Kind, String)] = [
    (.carried, "Carried over"), (.changed, "Changed"), (.left, "Not carried over"),
  ]

  /// All of it, in plain lines.
  var text: String {
    var text = ""
    for (kind, title) in ImportReport.titles {
      let some = notes.filter { $0.kind == kind }
      if some.isEmpty { continue }
      text += "\(title):\n"
      for note in some { text += "  \(note.place): \(note.words)\n" }
    }
    return ImportReport.plain(text)
  }

  /// Without what a terminal would obey: a file's own text may hold anything.
  static func plain(_ text: String) -> String {
    var plain = ""
    for scalar in text.unicodeScalars {
      let isControl =
        (scalar.value < 0x20 && scalar != "\n") || (0x7F...0x9F).contains(scalar.value)
        || (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
      plain.unicodeScalars.append(isControl ? "?" : scalar)
    }
    return plain
  }
}
