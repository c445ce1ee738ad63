public import Base
import CCompression

/// Puts content into a coding, piece by piece, in bounded memory.
///
/// It keeps its memory for the next content. Not for use by two threads at a time, which is why it
/// is not `Sendable`.
@safe public final class ContentEncoder {
  /// What is to become of the content so far.
  public enum Action: Sendable {
    /// It may be kept until there is enough of it.
    case proceed
    /// All of it can be decoded from what has come out.
    case flush
    /// It is whole.
    case finish
  }

  @unsafe private enum State {
    case zlib(UnsafeMutablePointer<z_stream>)
    case zstd(OpaquePointer)
    case brotli(OpaquePointer?)
  }

  /// What one call of a library came to.
  private struct Step {
    var used = 0
    var written = 0
    var isDone = false
    var hasFailed = false
  }

  /// Windows of 128 KiB: a decoder needs no more for them, and an encoder little.
  private static let windowBits: Int32 = 17
  /// Room that is made for each step.
  private static let roomBytes = 16 * 1024

  /// What it makes.
  public let coding: ContentCoding
  /// How hard it tries.
  public let level: Int
  private var state: State
  private var hasBegun = false

  /// An encoder; nil if there is no memory for it. The level is one of the coding's.
  public init?(_ coding: ContentCoding, level: Int) {
    self.coding = coding
    self.level = level
    switch coding {
    case .gzip, .deflate:
      let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
      // Safety: the state stays where it is, as zlib demands, and belongs to this object.
      unsafe stream.initialize(to: z_stream())
      // 31 asks for the form of RFC 1952, 15 for that of RFC 1950.
      let bits: Int32 = coding == .gzip ? 31 : 15
      guard unsafe shim_deflateInit2(stream, Int32(level), bits, 8) == Z_OK else {
        unsafe stream.deallocate()
        return nil
      }
      unsafe state = .zlib(stream)
    case .zstd:
      // Safety: the context belongs to this object from here on, and is set up before its use.
      guard let context = unsafe ZSTD_createCCtx() else { return nil }
      unsafe _ = ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Int32(level))
      unsafe _ = ZSTD_CCtx_setParameter(
        context, ZSTD_c_windowLog, ContentEncoder.windowBits)
      unsafe state = .zstd(context)
    case .br:
      unsafe state = .brotli(nil)
      guard beginBrotli() else { return nil }
    }
  }

  deinit {
    // Safety: this object owns the states, and nothing uses them after it.
    switch unsafe state {
    case .zlib(let stream):
      unsafe deflateEnd(stream)
      unsafe stream.deallocate()
    case .zstd(let context): unsafe _ = ZSTD_freeCCtx(context)
    case .brotli(let encoder):
      if let encoder = unsafe encoder {
        unsafe BrotliEncoderDestroyInstance(encoder)
      }
    }
  }

  /// Brotli's states serve for one content each.
  private func beginBrotli() -> Bool {
    // Safety: the state belongs to this object; the one before is let go.
    if case .brotli(let old) = unsafe state, let old = unsafe old {
      unsafe BrotliEncoderDestroyInstance(old)
      unsafe state = .brotli(nil)
    }
    guard let encoder = unsafe BrotliEncoderCreateInstance(nil, nil, nil) else { return false }
    unsafe _ = BrotliEncoderSetParameter(encoder, BROTLI_PARAM_QUALITY, UInt32(level))
    unsafe _ = BrotliEncoderSetParameter(
      encoder, BROTLI_PARAM_LGWIN, UInt32(ContentEncoder.windowBits))
    unsafe state = .brotli(encoder)
    return true
  }

  /// Makes it ready for another content; false if there is no memory for that.
  public func reset() -> Bool {
    if !hasBegun { return true }
    hasBegun = false
    // Safety: the states were set up, and belong to this object.
    switch unsafe state {
    case .zlib(let stream): return unsafe deflateReset(stream) == Z_OK
    case .zstd(let context):
      return unsafe ZSTD_isError(ZSTD_CCtx_reset(context, ZSTD_reset_session_only)) == 0
    case .brotli: return beginBrotli()
    }
  }

  /// Takes content, and appends to `output` what comes out; false if the library fails.
  public func encode(
    _ content: Span<UInt8>, _ action: Action, into output: inout ByteBuffer
  ) -> Bool {
    hasBegun = true
    var used = 0
    while true {
      var step = Step()
      // Safety: both buffers stand still for the call, and their lengths are told.
      unsafe content.withUnsafeBytes { source in
        let rest = unsafe UnsafeRawBufferPointer(rebasing: source[used...])
        unsafe _ = output.writeUnsafe(minimum: ContentEncoder.roomBytes) { room in
          unsafe step = self.step(rest, room, action)
          return step.written
        }
      }
      used += step.used
      if step.hasFailed { return false }
      if step.isDone, used == content.count { return true }
    }
  }

  @unsafe
  private func step(
    _ source: UnsafeRawBufferPointer, _ room: UnsafeMutableRawBufferPointer, _ action: Action
  ) -> Step {
    switch unsafe state {
    case .zlib(let stream): unsafe zlibStep(stream, source, room, action)
    case .zstd(let context): unsafe zstdStep(context, source, room, action)
    case .brotli(let encoder): unsafe brotliStep(encoder, source, room, action)
    }
  }

  @unsafe
  private func zlibStep(
    _ stream: UnsafeMutablePointer<z_stream>, _ source: UnsafeRawBufferPointer,
    _ room: UnsafeMutableRawBufferPointer, _ action: Action
  ) -> Step {
    let input = unsafe source.bindMemory(to: UInt8.self)
    unsafe stream.pointee.next_in = input.baseAddress.map {
      unsafe UnsafeMutablePointer(mutating: $0)
    }
    unsafe stream.pointee.avail_in = UInt32(clamping: source.count)
    unsafe stream.pointee.next_out = room.bindMemory(to: UInt8.self).baseAddress
    unsafe stream.pointee.avail_out = UInt32(clamping: room.count)
    let (givenIn, givenOut) = unsafe (stream.pointee.avail_in, stream.pointee.avail_out)
    let flag =
      switch action {
      case .proceed: Z_NO_FLUSH
      case .flush: Z_SYNC_FLUSH
      case .finish: Z_FINISH
      }
    let status = unsafe deflate(stream, flag)
    var step = Step()
    step.used = unsafe Int(givenIn - stream.pointee.avail_in)
    step.written = unsafe Int(givenOut - stream.pointee.avail_out)
    // Nothing to do is no failure (zlib.h: Z_BUF_ERROR is not fatal).
    step.hasFailed = status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR
    step.isDone = unsafe action == .finish ? status == Z_STREAM_END : stream.pointee.avail_out > 0
    return step
  }

  @unsafe
  private func zstdStep(
    _ context: OpaquePointer, _ source: UnsafeRawBufferPointer,
    _ room: UnsafeMutableRawBufferPointer, _ action: Action
  ) -> Step {
    var input = unsafe ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
    var output = unsafe ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
    let mode =
      switch action {
      case .proceed: ZSTD_e_continue
      case .flush: ZSTD_e_flush
      case .finish: ZSTD_e_end
      }
    let rest = unsafe ZSTD_compressStream2(context, &output, &input, mode)
    var step = Step()
    (step.used, step.written) = unsafe (input.pos, output.pos)
    step.hasFailed = ZSTD_isError(rest) != 0
    step.isDone = unsafe action == .proceed ? output.pos < output.size : rest == 0
    return step
  }

  @unsafe
  private func brotliStep(
    _ encoder: OpaquePointer?, _ source: UnsafeRawBufferPointer,
    _ room: UnsafeMutableRawBufferPointer, _ action: Action
  ) -> Step {
    var step = Step()
    step.hasFailed = true
    guard let encoder = unsafe encoder else { return step }
    var (availableIn, availableOut) = (source.count, room.count)
    var nextIn = unsafe source.bindMemory(to: UInt8.self).baseAddress
    var nextOut = unsafe room.bindMemory(to: UInt8.self).baseAddress
    let operation =
      switch action {
      case .proceed: BROTLI_OPERATION_PROCESS
      case .flush: BROTLI_OPERATION_FLUSH
      case .finish: BROTLI_OPERATION_FINISH
      }
    let done = unsafe BrotliEncoderCompressStream(
      encoder, operation, &availableIn, &nextIn, &availableOut, &nextOut, nil)
    step.used = source.count - availableIn
    step.written = room.count - availableOut
    step.hasFailed = done == BROTLI_FALSE
    step.isDone =
      unsafe action == .finish
      ? BrotliEncoderIsFinished(encoder) != BROTLI_FALSE
      : BrotliEncoderHasMoreOutput(encoder) == BROTLI_FALSE
    return step
  }
}
