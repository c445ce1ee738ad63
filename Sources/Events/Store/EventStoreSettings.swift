/// Where events are kept, and how many.
public struct EventStoreSettings: Hashable, Sendable {
  /// The folder, which is the store's alone.
  public var folder: String
  /// Segments beyond this are removed, the oldest first.
  public var bytesMax: Int
  /// Segments whose last event is older are removed, in milliseconds; nil to keep them.
  public var ageMilliseconds: UInt64?

  /// The name of the gateway whose events they are, as far as the folder is to tell.
  public var node = ""

  /// A store in a folder.
  public init(folder: String, bytesMax: Int = 10 << 30, ageMilliseconds: UInt64? = nil) {
    self.folder = folder
    self.bytesMax = bytesMax
    self.ageMilliseconds = ageMilliseconds
  }
}
