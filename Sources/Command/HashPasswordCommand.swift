import Crypto

/// `gatehouse hash-password`: the hash of a password, for the policy `basic`.
struct HashPasswordCommand: Subcommand {
  static let name = "hash-password"
  static let summary = "prints the Argon2id hash of a password that it reads from standard input"
  static let operands = "[-]"
  static let operandsMax = 1
  static let details = """
      The password is never an argument: those are seen by every user of the machine and stay
      in the history of the shell. A line end behind the password does not count.
    """

  init(_ arguments: Arguments) throws(UsageError) {
    if let operand = arguments.operands.first, operand != "-" {
      throw UsageError("the password is read from standard input, not from the command line")
    }
  }

  func run(in surroundings: Surroundings) -> Int32 {
    guard var bytes = surroundings.input(Argon2id.passwordBytesMax) else {
      surroundings.complain("gatehouse: the password cannot be read, or is too long\n")
      return 1
    }
    if bytes.last == 0x0A { bytes.removeLast() }
    if bytes.last == 0x0D { bytes.removeLast() }
    guard !bytes.isEmpty, let password = String(validating: bytes, as: UTF8.self),
      bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
    else {
      surroundings.complain("gatehouse: a password is one line of UTF-8 text, and not empty\n")
      return 1
    }
    guard let hash = try? PasswordHash(of: password) else {
      surroundings.complain("gatehouse: the password cannot be hashed\n")
      return 1
    }
    surroundings.print(hash.text + "\n")
    return 0
  }
}
