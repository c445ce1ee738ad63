import CLinux

/// One end of a connection between two processes of one machine, which keeps messages apart and
/// takes descriptors along (unix(7)); for threads that may wait.
public final class LocalSocket: Sendable {
  /// A message, and the descriptor that came with it.
  public struct Message: Sendable {
    /// The message.
    public let text: String
    /// The receiver's to close; nil if none came.
    public let descriptor: Int32?
  }

  /// Longest message, in bytes.
  public static let messageBytesMax = 4096

  private let descriptor: Int32

  private init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { Socket.close(descriptor) }

  /// Listens at a path, which only this user may connect to; nothing may be there yet.
  public static func listening(at path: String) throws(SystemError) -> LocalSocket {
    // Safety: the text lives for the call.
    let descriptor = unsafe path.withCString { unsafe linux_local_listen($0) }
    return try LocalSocket(descriptor, "listen at \(path)")
  }

  /// Connects to whoever listens at a path.
  public static func connected(to path: String) throws(SystemError) -> LocalSocket {
    // Safety: the text lives for the call.
    let descriptor = unsafe path.withCString { unsafe linux_local_connect($0) }
    return try LocalSocket(descriptor, "connect to \(path)")
  }

  private convenience init(_ descriptor: Int32, _ call: String) throws(SystemError) {
    if descriptor < 0 { throw SystemError(call) }
    self.init(descriptor)
  }

  /// The next connection, waited for so long; nil if none came.
  public func accepted(withinMilliseconds milliseconds: Int) -> LocalSocket? {
    guard Socket.wait(descriptor, forWriting: false, milliseconds: milliseconds) else { return nil }
    let accepted = linux_local_accept(descriptor)
    return accepted < 0 ? nil : LocalSocket(accepted)
  }

  /// Whether the other end belongs to this user, or to the system's (SO_PEERCRED).
  public var isOfOurUser: Bool {
    let user = linux_peer_user(descriptor)
    return user == 0 || user == Int(geteuid())
  }

  /// Sends a message, with a descriptor if there is one; false if nobody takes it.
  public func send(_ text: String, descriptor passed: Int32 = -1) -> Bool {
    let bytes = Array(text.utf8)
    guard bytes.count <= LocalSocket.messageBytesMax else { return false }
    // Safety: the bytes live for the call, which reads no more than it is told.
    return unsafe bytes.withUnsafeBytes {
      unsafe linux_local_send(descriptor, $0.baseAddress, $0.count, passed)
    } == bytes.count
  }

  /// The next message, waited for so long; nil if none came, or the other end is closed.
  public func receive(withinMilliseconds milliseconds: Int) -> Message? {
    guard Socket.wait(descriptor, forWriting: false, milliseconds: milliseconds) else { return nil }
    var bytes = [UInt8](repeating: 0, count: LocalSocket.messageBytesMax)
    var passed: Int32 = -1
    // Safety: both live for the call, which writes no more than it is told.
    let count = unsafe bytes.withUnsafeMutableBytes {
      unsafe linux_local_receive(descriptor, $0.baseAddress, $0.count, &passed)
    }
    if count <= 0 {
      if passed >= 0 { Socket.close(passed) }
      return nil
    }
    return Message(
      text: String(decoding: bytes.prefix(count), as: UTF8.self),
      descriptor: passed >= 0 ? passed : nil)
  }

  /// Gives the file of a socket another name, in place of whatever has that.
  public static func rename(_ path: String, to other: String) throws(SystemError) {
    // Safety: both texts live for the call.
    let failed = unsafe path.withCString { old in
      unsafe other.withCString { unsafe CLinux.rename(old, $0) }
    }
    if failed != 0 { throw SystemError("rename to \(other)") }
  }

  /// Removes the file of a socket, if it is there.
  public static func remove(_ path: String) {
    // Safety: the text lives for the call.
    _ = unsafe path.withCString { unsafe unlink($0) }
  }
}
