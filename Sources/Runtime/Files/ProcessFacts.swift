import Base
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

  /// The name of the machine, up to its first dot; `gateway` if it has none.
  public static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    // Safety: the call writes no more than it is told, and the last byte stays zero.
    let isKnown = unsafe name.withUnsafeMutableBufferPointer { room in
      guard let base = room.baseAddress else { return false }
      return unsafe gethostname(base, 255) == 0
    }
    let bytes = name.prefix { $0 != 0 && $0 != 0x2E }.map { UInt8(bitPattern: $0) }
    let isPlain = bytes.allSatisfy { ASCII.isAlpha($0) || ASCII.isDigit($0) || $0 == 0x2D }
    return isKnown && isPlain && !bytes.isEmpty
      ? String(decoding: bytes, as: UTF8.self) : "gateway"
  }

  /// The file that the process was started from; what stands there later may be a newer one.
  public static var executablePath: String? {
    var bytes = [UInt8](repeating: 0, count: 4096)
    // Safety: the call writes no more than it is told, and says how much.
    let count = unsafe bytes.withUnsafeMutableBytes {
      unsafe linux_own_path($0.bindMemory(to: CChar.self).baseAddress, $0.count)
    }
    return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
  }

  /// The number of the process.
  public static var processIdentifier: Int32 { getpid() }

  /// Ends the process with `status`.
  public static func exit(_ status: Int32) -> Never { CLinux.exit(status) }
}
