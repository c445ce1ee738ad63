import Formats

/// Checks lines of the journal one after another, from the first.
public struct JournalVerifier: Sendable {
  private let chain: JournalChain
  /// How many lines were right so far.
  public private(set) var count = 0
  /// The hash of the last of them.
  public private(set) var head = JournalChain.hex(JournalChain.start)

  /// A verifier that looks at the seals as well if `chain` has the key.
  public init(chain: JournalChain = JournalChain(key: nil)) { self.chain = chain }

  /// Takes the next line; nil if it is right, else what is wrong with it.
  public mutating func take(_ line: String, seal: String?) -> String? {
    let number = count + 1
    guard let value = try? JSONValue(parsing: line) else { return "line \(number) is no JSON" }
    guard value["sequence"]?.integer == number else {
      return "line \(number) has the number \(value["sequence"]?.integer ?? 0): one is missing"
    }
    guard value["previous"]?.string == head else {
      return "line \(number) does not follow the one before: something was changed"
    }
    let (hash, made) = chain.link(line)
    if let seal, !made.isEmpty, seal != JournalChain.hex(made) {
      return "the seal of line \(number) is not the gateway's"
    }
    head = JournalChain.hex(hash)
    count = number
    return nil
  }
}
