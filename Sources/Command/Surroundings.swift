public import PolicyKit
import Runtime

/// What a subcommand is run in: its streams, the time, and the policies that there are.
public struct Surroundings: Sendable {
  /// Prints to standard output; no line end is added.
  public var print: @Sendable (String) -> Void
  /// Prints to standard error; no line end is added.
  public var complain: @Sendable (String) -> Void
  /// All of standard input, at most so many bytes; nil if it cannot be read or is longer.
  public var input: @Sendable (_ bytesMax: Int) -> [UInt8]?
  /// The time, in seconds since 1970 (UTC).
  public var nowUnixSeconds: @Sendable () -> Int64
  /// The value of an environment variable; nil if it is not set.
  public var environment: @Sendable (String) -> String?
  /// The policies that a configuration may name.
  public var catalogue: PolicyCatalogue

  /// Those of the process itself.
  public init(catalogue: PolicyCatalogue) {
    print = { StandardStream.output.write($0) }
    complain = { StandardStream.error.write($0) }
    input = { try? StandardStream.input.read(bytesMax: $0) }
    nowUnixSeconds = { ProcessFacts.nowUnixSeconds }
    environment = { ProcessFacts.environment($0) }
    self.catalogue = catalogue
  }
}
