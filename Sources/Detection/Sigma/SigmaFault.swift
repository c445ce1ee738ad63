/// Why a rule is none that can be used.
public struct SigmaFault: Error, Equatable {
  /// In words.
  public let message: String

  init(_ message: String) { self.message = message }
}
