import Base
import Formats

extension JSONWriter {
  /// All that was written, as text.
  var text: String {
    let bytes = buffer.readable
    return String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self)
  }
}
