import CLinux

/// What the process takes of its machine; nil where the system does not say.
struct ProcessUsage {
  var residentBytes: UInt64?
  var openDescriptors: UInt64?
  var descriptorsMax: UInt64?
  var processorSeconds: Double?

  /// What it is now; a few system calls, none of which waits.
  static func now() -> ProcessUsage {
    var usage = ProcessUsage()
    usage.residentBytes = residentPages().map { $0 * UInt64(max(0, sysconf(Int32(_SC_PAGESIZE)))) }
    var facts = stat()
    // Safety: path and structure live for the call. Linux tells the number since 6.2.
    if unsafe stat("/proc/self/fd", &facts) == 0, facts.st_size > 0 {
      usage.openDescriptors = UInt64(facts.st_size)
    }
    var limit = rlimit()
    // Safety: the structure lives for the call.
    if unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
      usage.descriptorsMax = UInt64(limit.rlim_cur)
    }
    var time = timespec()
    // Safety: the structure lives for the call.
    if unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 {
      usage.processorSeconds = Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
    return usage
  }

  /// The second number of `/proc/self/statm`.
  private static func residentPages() -> UInt64? {
    // Safety: the path is a C string for the call.
    let file = unsafe linux_open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 128)
    // Safety: the kernel writes into the array, no more than it holds, which lives for the call.
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) }
    guard count > 0 else { return nil }
    let words = bytes[..<count].split(separator: 0x20)
    return words.count > 1 ? UInt64(String(decoding: words[1], as: UTF8.self)) : nil
  }
}
