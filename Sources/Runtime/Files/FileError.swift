import CLinux

/// Why a file could not be read or written, in words that follow its path.
public enum FileError: Error, Hashable, Sendable {
  /// There is nothing at this path, or the folder it should be in is missing.
  case missing
  /// The system does not let this process have it.
  case notPermitted
  /// A folder is there, and a file was expected.
  case folder
  /// A device is there, which has no end.
  case device
  /// It has more bytes than are read.
  case tooLarge(bytesMax: Int)
  /// Something is there already and must not be replaced.
  case exists
  /// Another process has it.
  case inUse
  /// Anything else, by the system's number.
  case system(number: Int32)

  /// The error of the number that the system gave.
  init(_ number: Int32) {
    switch number {
    case ENOENT, ENOTDIR: self = .missing
    case EACCES, EPERM, EROFS: self = .notPermitted
    case EISDIR: self = .folder
    case EEXIST: self = .exists
    default: self = .system(number: number)
    }
  }
}

extension FileError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .missing: "does not exist"
    case .notPermitted: "cannot be used: permission denied"
    case .folder: "is a folder"
    case .device: "is a device"
    case .tooLarge(let bytesMax): "has more than \(bytesMax) bytes"
    case .exists: "exists already"
    case .inUse: "is in use by another process"
    case .system(let number): "fails with error \(number) of the system: \(FileError.text(number))"
    }
  }

  private static func text(_ number: Int32) -> String {
    var room = [CChar](repeating: 0, count: 128)
    // Safety: the call writes at most the given count, a final zero included.
    return unsafe room.withUnsafeMutableBufferPointer { room in
      guard let start = room.baseAddress, unsafe strerror_r(number, start, room.count) == 0 else {
        return ""
      }
      return unsafe String(cString: start)
    }
  }
}
