public import Base
import CLinux

/// The calls on stream sockets; all of them return at once.
public enum Socket {
  /// What a read or write came to.
  public enum Outcome: Equatable, Sendable {
    case bytes(Int)
    case wouldBlock
    /// The other side has closed (reads only).
    case end
    case failed(Int32)
  }

  private static func bytes(_ address: IPAddress) -> InlineArray<16, UInt8> {
    InlineArray<16, UInt8> { place in
      let half = place < 8 ? address.high : address.low
      return UInt8(truncatingIfNeeded: half >> UInt64(56 - 8 * (place % 8)))
    }
  }

  /// A listening socket. Several that are shared may have one address, one for each loop; one that
  /// is not cannot be had while anybody else listens there.
  public static func listen(
    _ address: IPAddress, port: UInt16, isShared: Bool = true
  ) throws(SystemError) -> Int32 {
    let raw = bytes(address)
    // Safety: the 16 bytes live for the call.
    let descriptor = unsafe raw.span.withUnsafeBufferPointer {
      unsafe linux_listen($0.baseAddress, address.isV4 ? 1 : 0, port, isShared ? 1 : 0)
    }
    if descriptor < 0 { throw SystemError("listen on \(address) port \(port)") }
    return descriptor
  }

  /// A socket whose connect is under way; it becomes writable when that is decided.
  public static func connect(_ address: IPAddress, port: UInt16) throws(SystemError) -> Int32 {
    let raw = bytes(address)
    // Safety: the 16 bytes live for the call.
    let descriptor = unsafe raw.span.withUnsafeBufferPointer {
      unsafe linux_connect($0.baseAddress, address.isV4 ? 1 : 0, port)
    }
    if descriptor < 0 { throw SystemError("connect") }
    return descriptor
  }

  /// Why a connect failed; 0 if it did not.
  public static func error(_ descriptor: Int32) -> Int32 { linux_socket_error(descriptor) }

  /// The next connection on a listening socket; nil when there is none.
  public static func accept(
    _ descriptor: Int32
  ) throws(SystemError) -> (descriptor: Int32, address: IPAddress)? {
    var (high, low) = (UInt64(0), UInt64(0))
    // Safety: both words live for the call.
    let accepted = unsafe linux_accept(descriptor, &high, &low)
    if accepted >= 0 { return (accepted, IPAddress(high: high, low: low)) }
    let code = linux_errno()
    if code == EAGAIN || code == ECONNABORTED || code == EINTR || code == EPROTO { return nil }
    throw SystemError("accept")
  }

  /// Reads into a buffer's free space, at least `minimum` bytes of which are made.
  @inline(__always)
  public static func read(
    _ descriptor: Int32, into buffer: inout ByteBuffer, minimum: Int
  ) -> Outcome {
    // Safety: the kernel writes into the free space alone, and says how much.
    let count = unsafe buffer.writeUnsafe(minimum: minimum) { space in
      unsafe linux_receive(descriptor, space.baseAddress, space.count)
    }
    if count > 0 { return .bytes(count) }
    return count == 0 ? .end : failure()
  }

  /// Copies what is there into a buffer's free space, and leaves it there.
  public static func peek(_ descriptor: Int32, into buffer: inout ByteBuffer) -> Outcome {
    // Safety: the kernel writes into the free space alone, and says how much.
    let count = unsafe buffer.writeUnsafe(minimum: 1) { space in
      unsafe linux_peek(descriptor, space.baseAddress, space.count)
    }
    if count > 0 { return .bytes(count) }
    return count == 0 ? .end : failure()
  }

  /// Takes away `count` bytes that are there, 4096 at most; false if they were not all there.
  public static func discard(_ descriptor: Int32, _ count: Int) -> Bool {
    linux_discard(descriptor, count) == count
  }

  /// Writes as much of a buffer's content as goes, and takes that away.
  @inline(__always)
  public static func write(_ descriptor: Int32, from buffer: inout ByteBuffer) -> Outcome {
    // Safety: the kernel reads the content alone.
    let count = unsafe buffer.readUnsafe { content in
      unsafe linux_send(descriptor, content.baseAddress, content.count)
    }
    return count >= 0 ? .bytes(count) : failure()
  }

  /// Writes as many of `bytes` as go.
  public static func write(_ descriptor: Int32, _ bytes: Span<UInt8>) -> Outcome {
    // Safety: the kernel reads the span alone.
    let count = unsafe bytes.withUnsafeBytes { content in
      unsafe linux_send(descriptor, content.baseAddress, content.count)
    }
    return count >= 0 ? .bytes(count) : failure()
  }

  /// How many of the bytes that were written the other side has not acknowledged.
  public static func unacknowledged(_ descriptor: Int32) -> Int {
    Int(max(0, linux_unacknowledged(descriptor)))
  }

  /// Says that nothing more will be written.
  public static func shutdownWrite(_ descriptor: Int32) {
    _ = shutdown(descriptor, Int32(SHUT_WR))
  }

  /// Another descriptor of the same socket; nil if there is none to be had.
  public static func duplicate(_ descriptor: Int32) -> Int32? {
    let copy = linux_duplicate(descriptor)
    return copy < 0 ? nil : copy
  }

  /// Closes a descriptor that is on no loop.
  public static func close(_ descriptor: Int32) { _ = CLinux.close(descriptor) }

  static func failure() -> Outcome {
    let code = linux_errno()
    return code == EAGAIN || code == EINTR ? .wouldBlock : .failed(code)
  }
}
