import CLinux

extension Socket {
  /// Has what comes next acknowledged at once; the system forgets it after a while.
  ///
  /// A server that writes head and content apart waits, by Nagle's algorithm, until the head is
  /// acknowledged, which the system would put off by 40 ms.
  public static func acknowledgeAtOnce(_ descriptor: Int32) {
    var on: Int32 = 1
    // Safety: the value lives for the call, which reads as many bytes as it is told.
    unsafe _ = setsockopt(
      descriptor, Int32(IPPROTO_TCP), TCP_QUICKACK, &on,
      socklen_t(MemoryLayout<Int32>.size))
  }
}
