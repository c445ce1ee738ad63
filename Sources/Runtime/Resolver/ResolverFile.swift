import Base
import CLinux

/// Reads the system's small text files about names.
enum ResolverFile {
  /// The first `countMax` bytes of the file at `path`; nil if it cannot be read.
  static func read(_ path: String, countMax: Int) -> [UInt8]? {
    // Safety: the compiler passes the path as a C string that lives as long as the call.
    let file = unsafe linux_open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var buffer = ByteBuffer()
    while buffer.count < countMax {
      // Safety: the kernel writes at most as many bytes as the free space holds.
      let count = unsafe buffer.writeUnsafe(minimum: 4096) { room in
        unsafe CLinux.read(file, room.baseAddress, room.count)
      }
      if count < 0 { return nil }
      if count == 0 { break }
    }
    let count = min(buffer.count, countMax)
    return Array(buffer.takeStorage().prefix(count))
  }

  /// The words of each line of `text` that has any, without comments.
  static func lines(_ text: [UInt8], comments: StaticString) -> [[String]] {
    let marks = Array(comments.description.utf8)
    return text.split(separator: UInt8(ascii: "\n")).compactMap { line in
      let content = line.prefix { !marks.contains($0) }
      let words = content.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
      return words.isEmpty ? nil : words.map { String(decoding: $0, as: UTF8.self) }
    }
  }

  /// The addresses that stand in the lines of hosts(5) that have `name`, which is in lower case.
  static func hosts(_ text: [UInt8], named name: String) -> [IPAddress] {
    var addresses: [IPAddress] = []
    for words in lines(text, comments: "#") where addresses.count < ResolverLimits.addressesMax {
      guard let first = words.first, let address = IPAddress(first) else { continue }
      if words.dropFirst().contains(where: { HostAddress($0)?.text == name }) {
        addresses.append(address)
      }
    }
    return addresses
  }
}
