import CLinux

/// What the process may use, and what it is allowed to leave behind.
public enum ProcessLimits {
  /// Raises the soft limit of descriptors to the hard one, and returns it.
  public static func raiseDescriptors() -> Int {
    var limit = rlimit()
    // Safety: the structure lives for the calls.
    unsafe _ = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = limit.rlim_max
    // Safety: as above.
    unsafe _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    return Int(clamping: limit.rlim_cur)
  }

  /// How many descriptors the process may have at the moment.
  public static var descriptors: Int {
    var limit = rlimit()
    // Safety: the structure lives for the call.
    unsafe _ = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    return Int(clamping: limit.rlim_cur)
  }

  /// Keeps keys out of core dumps: the process leaves none.
  public static func forbidCoreDumps() { _ = linux_forbid_dumps() }

  /// Has a write to a connection that is gone fail, and not end the process.
  public static func ignoreBrokenPipes() { linux_ignore_pipes() }

  /// Cores that the process may run on.
  public static var cores: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
}
