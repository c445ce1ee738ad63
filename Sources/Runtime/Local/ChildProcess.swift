import CLinux

/// A program that this process has started.
public struct ChildProcess: Sendable {
  /// Its number.
  public let identifier: Int32

  /// Starts the program at `path`; `words` are its arguments, its own name first, 32 at most.
  public init(_ path: String, _ words: [String]) throws(SystemError) {
    var bytes: [UInt8] = []
    for word in words { bytes += Array(word.utf8) + [0] }
    bytes.append(0)
    // Safety: path and words live for the call, and each word ends with a zero.
    let started = unsafe path.withCString { path in
      unsafe bytes.withUnsafeBytes {
        unsafe linux_spawn(path, $0.bindMemory(to: CChar.self).baseAddress, words.count)
      }
    }
    if started < 0 { throw SystemError("start \(path)") }
    identifier = started
  }

  /// The status that it ended with; nil while it runs. Asked until there is one, and not after.
  public var status: Int32? {
    let status = linux_child_status(identifier)
    return status < 0 ? nil : status
  }
}
