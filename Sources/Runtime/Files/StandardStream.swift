import CLinux

/// The three streams that a process is started with.
public enum StandardStream: Int32, Sendable {
  case input = 0
  case output = 1
  case error = 2

  /// Writes `text`; a stream that nobody reads any more is no reason to fail.
  public func write(_ text: String) {
    try? SystemFile.write(Array(text.utf8), to: rawValue)
  }

  /// All that comes from the stream until its end; throws if it is more than `bytesMax` bytes.
  public func read(bytesMax: Int) throws(FileError) -> [UInt8] {
    try SystemFile.read(rawValue, bytesMax: bytesMax)
  }
}
