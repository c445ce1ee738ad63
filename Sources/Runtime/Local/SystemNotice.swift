import CLinux

/// What a process tells the service manager that started it (sd_notify(3)).
public enum SystemNotice {
  /// Tells it that this process serves, and is the service's main one from now on.
  public static func ready() { send("READY=1\nMAINPID=\(getpid())") }

  /// Tells it that the service ends.
  public static func stopping() { send("STOPPING=1") }

  /// Nothing happens where no manager waits for it.
  private static func send(_ text: String) {
    guard let path = ProcessFacts.environment("NOTIFY_SOCKET") else { return }
    // Safety: both texts live for the call.
    _ = unsafe path.withCString { to in unsafe text.withCString { unsafe linux_notify(to, $0) } }
  }
}
