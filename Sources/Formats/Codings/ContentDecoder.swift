import Base
import CCompression

/// Takes content out of its coding, and stops where content becomes a bomb.
public enum ContentDecoder {
  /// Why content cannot be had.
  public enum Failure: Error, Sendable {
    /// It is not what the coding says, is cut off, or something stands behind it.
    case damaged
    /// It is longer than allowed, or grows more than allowed.
    case tooLarge
  }

  /// Content up to this is let through whatever the ratio: a short text of zeros is no bomb.
  public static let freeBytes = 64 * 1024
  /// Largest window of a frame of Zstandard, 8 MiB (RFC 9659 §3).
  private static let windowBitsMax: Int32 = 23
  private static let roomBytes = 16 * 1024

  /// What one call of a library came to.
  private struct Step {
    var used = 0
    var written = 0
    /// The content, or a member of it, is whole.
    var isWhole = false
    var hasFailed = false
  }

  /// The content that `bytes` hold, `bytesMax` at most, and `ratioMax` times as long at most.
  public static func decode(
    _ bytes: Span<UInt8>, _ coding: ContentCoding, bytesMax: Int, ratioMax: Int
  ) throws(Failure) -> [UInt8] {
    let (product, isOver) = bytes.count.multipliedReportingOverflow(by: ratioMax)
    let most = min(bytesMax, max(freeBytes, isOver ? Int.max : product))
    let outcome: Result<[UInt8], Failure>
    switch coding {
    case .gzip: outcome = zlib(bytes, windowBits: 31, most)
    case .deflate: outcome = zlib(bytes, windowBits: 15, most)
    case .zstd: outcome = zstandard(bytes, most)
    case .br: outcome = brotli(bytes, most)
    }
    return try outcome.get()
  }

  /// Runs `step` until the content is whole; it says how much it took and wrote.
  ///
  /// Several members, one behind the other, are one content where `mayRepeat` says so.
  @unsafe
  private static func run(
    _ bytes: Span<UInt8>, _ most: Int, mayRepeat: Bool,
    _ step: (UnsafeRawBufferPointer, UnsafeMutableRawBufferPointer) -> Step
  ) -> Result<[UInt8], Failure> {
    var output = ByteBuffer()
    var used = 0
    while true {
      var last = Step()
      unsafe bytes.withUnsafeBytes { source in
        let rest = unsafe UnsafeRawBufferPointer(rebasing: source[used...])
        _ = unsafe output.writeUnsafe(minimum: roomBytes) { room in
          last = unsafe step(rest, room)
          return last.written
        }
      }
      used += last.used
      if last.hasFailed { return .failure(.damaged) }
      if output.count > most { return .failure(.tooLarge) }
      if last.isWhole {
        if used == bytes.count { return .success(Array(output.storage.prefix(output.count))) }
        if !mayRepeat { return .failure(.damaged) }
      } else if last.used == 0, last.written == 0 {
        // Nothing is left, and the content is not whole.
        return .failure(.damaged)
      }
    }
  }

  private static func zlib(
    _ bytes: Span<UInt8>, windowBits: Int32, _ most: Int
  ) -> Result<[UInt8], Failure> {
    // Safety: the state stays where it is, as zlib demands, is set up before and torn down after
    // its one use; both buffers stand still for each call, and their lengths are told.
    unsafe withUnsafeTemporaryAllocation(of: z_stream.self, capacity: 1) { place in
      unsafe place.initialize(repeating: z_stream())
      guard let stream = place.baseAddress, unsafe shim_inflateInit2(stream, windowBits) == Z_OK
      else { return .failure(.damaged) }
      defer { unsafe inflateEnd(stream) }
      // RFC 1952 §2.2: a file of members, one behind the other.
      return unsafe run(bytes, most, mayRepeat: windowBits > 15) { source, room in
        let input = unsafe source.bindMemory(to: UInt8.self)
        unsafe stream.pointee.next_in =
          unsafe input.baseAddress.map { unsafe UnsafeMutablePointer(mutating: $0) }
        // Safety: as above.
        unsafe stream.pointee.avail_in = UInt32(clamping: source.count)
        unsafe stream.pointee.next_out = room.bindMemory(to: UInt8.self).baseAddress
        unsafe stream.pointee.avail_out = UInt32(clamping: room.count)
        let givenIn = unsafe stream.pointee.avail_in
        let givenOut = unsafe stream.pointee.avail_out
        let status = unsafe inflate(stream, Z_NO_FLUSH)
        // Safety: as above.
        var step = Step()
        step.used = Int(givenIn - (unsafe stream.pointee.avail_in))
        step.written = Int(givenOut - (unsafe stream.pointee.avail_out))
        step.isWhole = status == Z_STREAM_END
        step.hasFailed = status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR
        if step.isWhole { unsafe _ = inflateReset(stream) }
        return step
      }
    }
  }

  private static func zstandard(_ bytes: Span<UInt8>, _ most: Int) -> Result<[UInt8], Failure> {
    // Safety: the context is made and freed here, and both buffers stand still for each call.
    guard let context = unsafe ZSTD_createDCtx() else { return .failure(.damaged) }
    defer { unsafe _ = ZSTD_freeDCtx(context) }
    unsafe _ = ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, windowBitsMax)
    // RFC 8878 §3: one or more frames.
    return unsafe run(bytes, most, mayRepeat: true) { source, room in
      // Safety: as above.
      var input = unsafe ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
      var output = unsafe ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
      let rest = unsafe ZSTD_decompressStream(context, &output, &input)
      var step = Step()
      // Safety: as above; positions are numbers.
      step.used = unsafe input.pos
      step.written = unsafe output.pos
      step.isWhole = rest == 0
      step.hasFailed = ZSTD_isError(rest) != 0
      return step
    }
  }

  private static func brotli(_ bytes: Span<UInt8>, _ most: Int) -> Result<[UInt8], Failure> {
    // Safety: the state is made and freed here, and both buffers stand still for each call.
    guard let decoder = unsafe BrotliDecoderCreateInstance(nil, nil, nil) else {
      return .failure(.damaged)
    }
    defer { unsafe BrotliDecoderDestroyInstance(decoder) }
    return unsafe run(bytes, most, mayRepeat: false) { source, room in
      var (availableIn, availableOut) = (source.count, room.count)
      // Safety: as above.
      var nextIn = unsafe source.bindMemory(to: UInt8.self).baseAddress
      var nextOut = unsafe room.bindMemory(to: UInt8.self).baseAddress
      let result = unsafe BrotliDecoderDecompressStream(
        decoder, &availableIn, &nextIn, &availableOut, &nextOut, nil)
      var step = Step()
      step.used = source.count - availableIn
      step.written = room.count - availableOut
      step.isWhole = result == BROTLI_DECODER_RESULT_SUCCESS
      step.hasFailed = result == BROTLI_DECODER_RESULT_ERROR
      return step
    }
  }
}
