/// What is wrong with a record that an administrator wants written, in words for him.
public struct RecordFlaw: Error {
  /// In words.
  public let message: String

  init(_ message: String) { self.message = message }
}
