import CLinux

/// What the process knows of its surroundings.
public enum ProcessFacts {
  /// The value of an environment variable; nil if it is not set.
  public static func environment(_ name: String) -> String? {
    // Safety: the text is copied before anything could change the environment, which this program
    // never does.
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }

  /// The time, in seconds since 1970 (UTC).
  public static var nowUnixSeconds: Int64 {
    Int64(time(nil))
  }

  /// Ends the process with `status`.
  public static func exit(_ status: Int32) -> Never { CLinux.exit(status) }
}
