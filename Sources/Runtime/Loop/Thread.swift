import CLinux

/// Threads of the operating system.
public enum Thread {
  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Starts a thread that runs `body` and ends with it.
  public static func start(
    named name: String, _ body: @escaping @Sendable () -> Void
  ) throws(SystemError) {
    var thread = pthread_t()
    // Safety: retained once here, and released once by the thread that gets it.
    let box = unsafe Unmanaged.passRetained(Body(body))
    // Safety: the box is retained once here and released once by the thread that gets it.
    let failed = unsafe pthread_create(
      &thread, nil,
      { raw in
        guard let raw = unsafe raw else { return nil }
        unsafe Unmanaged<Body>.fromOpaque(raw).takeRetainedValue().run()
        return nil
      }, box.toOpaque())
    if failed != 0 {
      unsafe box.release()
      throw SystemError("pthread_create")
    }
    pthread_detach(thread)
  }

  /// Waits for `milliseconds`.
  public static func sleep(milliseconds: Int) { usleep(UInt32(milliseconds * 1000)) }
}
