import CCompression

/// Compresses pieces of data by Zstandard (RFC 8878), each a frame of its own with a checksum.
///
/// It keeps its working memory for the next piece. Not for use by two threads at a time, which is
/// why it is not `Sendable`.
@safe public final class Zstandard {
  private let context: OpaquePointer

  /// Room for one frame of so many bytes.
  private static let pieceBytesMax = 1 << 30

  /// A compressor of a level from 1, the fastest, to 19; nil if there is no memory for it.
  public init?(level: Int32) {
    // Safety: the context belongs to this object from here on, and is set up before its use.
    guard let context = unsafe ZSTD_createCCtx() else { return nil }
    unsafe self.context = context
    // Safety: the context was made just above.
    unsafe _ = ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
    unsafe _ = ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
  }

  deinit {
    // Safety: this object owns the context, and nothing uses it after it.
    unsafe _ = ZSTD_freeCCtx(context)
  }

  /// Appends the frame of `bytes` to `output`; false if there is no memory for it.
  public func compress(_ bytes: Span<UInt8>, to output: inout [UInt8]) -> Bool {
    guard bytes.count <= Zstandard.pieceBytesMax else { return false }
    let start = output.count
    let room = ZSTD_compressBound(bytes.count)
    output.append(contentsOf: repeatElement(0, count: room))
    // Safety: both buffers stand still for the call, and the target has as much room as is told.
    let count = unsafe bytes.withUnsafeBytes { source in
      unsafe output.withUnsafeMutableBytes { target in
        unsafe ZSTD_compress2(
          context, target.baseAddress?.advanced(by: start), room, source.baseAddress, source.count)
      }
    }
    let isDone = ZSTD_isError(count) == 0
    output.removeLast(isDone ? room - count : room)
    return isDone
  }

  /// The `count` bytes that a frame holds; nil if it is damaged, or holds more or fewer.
  public static func decompress(_ frame: Span<UInt8>, count: Int) -> [UInt8]? {
    guard count >= 0, count <= pieceBytesMax else { return nil }
    var output = [UInt8](repeating: 0, count: count)
    // Safety: both buffers stand still for the call, which writes no more than it is told.
    let written = unsafe frame.withUnsafeBytes { source in
      unsafe output.withUnsafeMutableBytes { target in
        unsafe ZSTD_decompress(target.baseAddress, count, source.baseAddress, source.count)
      }
    }
    return ZSTD_isError(written) == 0 && written == count ? output : nil
  }
}
