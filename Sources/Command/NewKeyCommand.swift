import Crypto
import Formats

/// `gatehouse new-key`: a fresh API key and its hash.
struct NewKeyCommand: Subcommand {
  static let name = "new-key"
  static let summary = "makes an API key, and prints it with its hash"
  static let options = [Option.json]
  static let details = """
      The hash goes into the configuration, below api-keys of a consumer. The key itself
      goes to whoever calls; it is kept nowhere.
    """

  private let printsJSON: Bool

  init(_ arguments: Arguments) { printsJSON = arguments.has("--json") }

  func run(in surroundings: Surroundings) -> Int32 {
    let made: NewKey
    do throws(CryptoError) {
      made = try NewKey()
    } catch {
      surroundings.complain("gatehouse: \(error)\n")
      return 1
    }
    guard printsJSON else {
      surroundings.print("key   \(made.key)\nhash  \(made.hash)\n")
      return 0
    }
    var json = JSONWriter()
    json.beginObject()
    json.key("key")
    json.string(made.key)
    json.key("hash")
    json.string(made.hash)
    json.endObject()
    json.endLine()
    surroundings.print(json.text)
    return 0
  }
}
