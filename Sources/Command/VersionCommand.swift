import Formats

/// `gatehouse version`: which version this is.
struct VersionCommand: Subcommand {
  static let name = "version"
  static let summary = "prints the version"
  static let options = [Option.json]

  private let printsJSON: Bool

  init(_ arguments: Arguments) { printsJSON = arguments.has("--json") }

  func run(in surroundings: Surroundings) -> Int32 {
    guard printsJSON else {
      surroundings.print("gatehouse \(Gatehouse.version)\n")
      return 0
    }
    var json = JSONWriter()
    json.beginObject()
    json.key("name")
    json.string("gatehouse")
    json.key("version")
    json.string(Gatehouse.version)
    json.endObject()
    json.endLine()
    surroundings.print(json.text)
    return 0
  }
}
