/// Where the values of `${env:NAME}` and `${file:PATH}` come from.
///
/// This target does no input or output itself: whoever reads a configuration passes in what may be
/// looked up. A reference that cannot be resolved is an error, never an empty value.
public struct Interpolation: Sendable {
  /// The answer to a reference.
  public enum Answer: Sendable {
    case found(String)
    /// Why there is no value, in words that follow the reference: "is not set".
    case failed(String)
  }

  /// The value of an environment variable.
  public let environment: @Sendable (_ name: String) -> Answer
  /// The content of a file; a relative path starts at the folder of the configuration file.
  public let file: @Sendable (_ path: String) -> Answer

  /// Longest value of one reference, in bytes: a certificate chain has some 10 KiB.
  public static let valueBytesMax = 1024 * 1024

  /// Looks references up by these functions.
  public init(
    environment: @escaping @Sendable (_ name: String) -> Answer,
    file: @escaping @Sendable (_ path: String) -> Answer
  ) {
    self.environment = environment
    self.file = file
  }

  /// Resolves nothing: every reference is an error.
  public static let none = Interpolation(
    environment: { _ in .failed("cannot be used here") },
    file: { _ in .failed("cannot be used here") })
}

extension Interpolation {
  /// A value after its references were resolved.
  struct Value {
    var text: String
    /// Whether any part came from a reference, so that no message may show it.
    var isSecret: Bool
  }

  /// What is wrong with the references in a value.
  struct Failure: Error {
    var message: String
    var expected: String?
  }

  /// `text` with every reference resolved and `$${` as `${`. What a reference gives is not read
  /// again.
  func resolve(_ text: String) throws(Failure) -> Value {
    guard text.utf8.contains(UInt8(ascii: "$")) else { return Value(text: text, isSecret: false) }
    var value = Value(text: "", isSecret: false)
    var rest = text[...]
    while let dollar = rest.firstIndex(of: "$") {
      value.text += rest[..<dollar]
      rest = rest[dollar...]
      if rest.hasPrefix("$${") {
        value.text += "${"
        rest = rest.dropFirst(3)
      } else if rest.hasPrefix("${") {
        guard let end = rest.firstIndex(of: "}") else {
          throw Failure(message: "a reference has no end", expected: "'}' after '${'")
        }
        value.text += try look(up: rest[rest.index(rest.startIndex, offsetBy: 2)..<end])
        value.isSecret = true
        rest = rest[rest.index(after: end)...]
      } else {
        value.text += "$"
        rest = rest.dropFirst()
      }
    }
    value.text += rest
    return value
  }

  private func look(up reference: Substring) throws(Failure) -> String {
    let shown = quoted("${\(reference)}")
    let answer: Answer
    let isFile = reference.hasPrefix("file:")
    let name = String(reference.drop { $0 != ":" }.dropFirst())
    guard !name.isEmpty, isFile || reference.hasPrefix("env:") else {
      throw Failure(
        message: "unknown reference \(shown)",
        expected: "${env:NAME} or ${file:PATH}, or $${ for the characters themselves")
    }
    answer = isFile ? file(name) : environment(name)
    switch answer {
    case .failed(let reason): throw Failure(message: "\(shown) \(reason)")
    case .found(var found):
      if isFile, found.utf8.last == UInt8(ascii: "\n") { found.removeLast() }
      if found.isEmpty { throw Failure(message: "\(shown) is empty", expected: "a value") }
      guard found.utf8.count <= Interpolation.valueBytesMax else {
        throw Failure(
          message: "\(shown) is too long", expected: "at most \(Interpolation.valueBytesMax) bytes")
      }
      return found
    }
  }
}
