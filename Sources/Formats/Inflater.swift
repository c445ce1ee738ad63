import CCompression

/// Undoes DEFLATE (RFC 1951) for short texts, and stops where a text becomes a bomb.
public enum Inflater {
  /// How many times longer than its input the output may be: JSON seldom shrinks to a tenth.
  public static let ratioMax = 20
  /// Outputs up to this are let through whatever the ratio: a short text of zeros is no bomb.
  private static let freeBytes = 4096

  /// The text that was deflated, without header or checksum; nil if it is damaged, if something
  /// stands behind it, or if it is longer than `bytesMax` or `ratioMax` allows.
  public static func inflate(_ bytes: [UInt8], bytesMax: Int) -> [UInt8]? {
    let room = min(
      bytesMax, max(freeBytes, bytes.count.multipliedReportingOverflow(by: ratioMax).0))
    guard !bytes.isEmpty, bytes.count <= 1 << 24, room > 0 else { return nil }
    // Safety: the buffers stand still for the call, with the counts that are told.
    var stream = unsafe z_stream()
    // Safety: the state is set up here and torn down below; both buffers outlive the one call
    // that uses them, and their lengths are told.
    guard unsafe shim_inflateInit2(&stream, -15) == Z_OK else { return nil }
    defer { unsafe inflateEnd(&stream) }
    var output = [UInt8](repeating: 0, count: room)
    var input = bytes
    let status = unsafe input.withUnsafeMutableBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { target in
        unsafe stream.next_in = source.baseAddress
        unsafe stream.avail_in = UInt32(source.count)
        unsafe stream.next_out = target.baseAddress
        unsafe stream.avail_out = UInt32(target.count)
        return unsafe CCompression.inflate(&stream, Z_FINISH)
      }
    }
    guard status == Z_STREAM_END, unsafe stream.avail_in == 0 else { return nil }
    return Array(output.prefix(room - Int(unsafe stream.avail_out)))
  }
}
