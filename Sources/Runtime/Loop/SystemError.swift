import CLinux

/// A system call that failed, and why.
public struct SystemError: Error, CustomStringConvertible, Sendable {
  /// The call, and what it was for.
  public let call: String
  /// The system's number of the error.
  public let code: Int32

  /// Takes the reason from `errno`.
  init(_ call: String) {
    self.call = call
    code = linux_errno()
  }

  /// One whose reason is known.
  init(_ call: String, code: Int32) {
    self.call = call
    self.code = code
  }

  public var description: String {
    // Safety: the text is the library's and is copied at once.
    "\(call): \(unsafe String(cString: strerror(code)))"
  }

  /// Whether descriptors or memory ran out, so that trying again later may help.
  public var isExhaustion: Bool {
    code == EMFILE || code == ENFILE || code == ENOBUFS || code == ENOMEM
  }

  /// Whether nobody is where a connection was meant to go.
  public var isNobodyThere: Bool { code == ENOENT || code == ECONNREFUSED }
}
