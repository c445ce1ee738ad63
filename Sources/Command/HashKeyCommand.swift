/// `gatehouse hash-key`: the hash of an API key that somebody has already.
struct HashKeyCommand: Subcommand {
  static let name = "hash-key"
  static let summary = "prints the hash of an API key that it reads from standard input"
  static let operands = "[-]"
  static let operandsMax = 1
  static let details = """
      The key is never an argument: those are seen by every user of the machine and stay in
      the history of the shell. A line end behind the key does not count.
    """

  /// Longest key, in bytes.
  private static let bytesMax = 4096

  init(_ arguments: Arguments) throws(UsageError) {
    if let operand = arguments.operands.first, operand != "-" {
      throw UsageError("the key is read from standard input, not from the command line")
    }
  }

  func run(in surroundings: Surroundings) -> Int32 {
    guard var bytes = surroundings.input(HashKeyCommand.bytesMax) else {
      surroundings.complain(
        "gatehouse: the key cannot be read, or has more than \(HashKeyCommand.bytesMax) bytes\n")
      return 1
    }
    if bytes.last == 0x0A { bytes.removeLast() }
    if bytes.last == 0x0D { bytes.removeLast() }
    guard !bytes.isEmpty else {
      surroundings.complain("gatehouse: standard input holds no key\n")
      return 1
    }
    // What no field value can hold was never a key: most likely there are several lines.
    guard bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      surroundings.complain(
        "gatehouse: a key is one line of visible ASCII characters without spaces\n")
      return 1
    }
    surroundings.print(NewKey.hash(of: String(decoding: bytes, as: UTF8.self)) + "\n")
    return 0
  }
}
