/// Nothing of one machine and no secret is in the tree.
enum PrivacyRule {
  static let name = "privacy"

  /// Folders of somebody's machine, written so that this file does not hold them.
  private static let folders = ["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "/Us" + "ers/"]

  static func breaches(in file: TextFile) -> [Breach] {
    file.lines.indices.compactMap { place in
      let line = file.lines[place]
      for folder in folders where beginsPath(folder, in: line) {
        return file.breach(name, line: place + 1, "a path of one machine, \(folder)…")
      }
      let next = place + 1 < file.lines.count ? file.lines[place + 1] : ""
      if line.contains("-----BEGIN "), line.contains("PRIVATE KEY-----"), isKeyMaterial(next) {
        return file.breach(name, line: place + 1, "a private key")
      }
      return nil
    }
  }

  /// Whether `folder` stands at the begin of a path: `https://host/home/` does not count.
  private static func beginsPath(_ folder: String, in line: String) -> Bool {
    var rest = line[...]
    while let range = rest.firstRange(of: folder) {
      let before = rest[..<range.lowerBound].last
      if before.map({ !SwiftSource.isWord($0) && $0 != "." && $0 != "}" }) ?? true { return true }
      rest = rest[range.upperBound...]
    }
    return false
  }

  /// A long run of base64, or the fields of an encrypted key.
  private static func isKeyMaterial(_ line: String) -> Bool {
    let text = line.trimmed
    let letters = text.prefix { SwiftSource.isWord($0) || "+/=".contains($0) }
    return letters.count >= 32 || text.hasPrefix("Proc-Type:")
  }
}
