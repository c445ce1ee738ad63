/// A policy is a folder of code, tests, and a page for its users that the index leads to.
enum PolicyRule {
  static let name = "policy"
  static let pages = "Documentation/guide/policies/"

  static func breaches(in repository: Repository) -> [Breach] {
    let folder = "Sources/Policies/"
    let names = Set(
      repository.files.compactMap { file -> String? in
        let parts = file.path.split(separator: "/")
        return file.path.hasPrefix(folder) && parts.count > 3 ? String(parts[2]) : nil
      })
    let index = repository.file(pages + "README.md")
    return names.sorted().flatMap { policy -> [Breach] in
      let page = Names.kebab(policy) + ".md"
      var missing: [String] = []
      if repository.file(pages + page) == nil { missing.append("the page \(pages)\(page)") }
      let isTested = repository.sources.contains {
        $0.path.hasPrefix("Tests/PoliciesTests/") && $0.file.name.hasPrefix(policy)
      }
      if !isTested { missing.append("tests in Tests/PoliciesTests/\(policy)Tests.swift") }
      if index?.lines.contains(where: { $0.contains("(\(page))") }) != true {
        missing.append("a line in \(pages)README.md")
      }
      return missing.map {
        Breach(rule: name, path: folder + policy, line: 1, message: "missing: \($0)")
      }
    }
  }
}
