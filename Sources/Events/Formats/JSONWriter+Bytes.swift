import Base
import Formats

extension JSONWriter {
  /// All that was written.
  var bytes: [UInt8] { Array(buffer.storage[buffer.readIndex..<buffer.writeIndex]) }
}
