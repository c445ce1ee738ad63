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
    var input = bytes
    // Safety: the state stays where it is, as zlib demands, is set up before and torn down after
    // its one use; both buffers outlive that, and their lengths are told.
    return unsafe withUnsafeTemporaryAllocation(of: z_stream.self, capacity: 1) { place in
      unsafe place.initialize(repeating: z_stream())
      guard let stream = place.baseAddress, unsafe shim_inflateInit2(stream, -15) == Z_OK
      else { return nil }
      defer { unsafe inflateEnd(stream) }
      var output = [UInt8](repeating: 0, count: room)
      let status = unsafe input.withUnsafeMutableBufferPointer { source in
        unsafe output.withUnsafeMutableBufferPointer { target in
          unsafe stream.pointee.next_in = source.baseAddress
          unsafe stream.pointee.avail_in = UInt32(source.count)
          unsafe stream.pointee.next_out = target.baseAddress
          unsafe stream.pointee.avail_out = UInt32(target.count)
          return unsafe CCompression.inflate(stream, Z_FINISH)
        }
      }
      guard status == Z_STREAM_END, unsafe stream.pointee.avail_in == 0 else { return nil }
      return Array(output.prefix(room - Int(unsafe stream.pointee.avail_out)))
    }
  }
}
