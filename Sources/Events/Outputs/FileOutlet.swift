import Base
import Formats
import Runtime
import Telemetry

/// Lines of JSON in a file, which is moved aside and compressed when it is large enough.
final class FileOutlet: Outlet {
  private let path: String
  private let form: EventForm
  private let node: String
  private let rotateBytes: Int
  private let keep: Int
  private var file: AppendFile?
  private var writer = JSONWriter(ByteBuffer(capacity: 1 << 16))

  init(path: String, form: EventForm, node: String, rotateBytes: Int, keep: Int) {
    self.path = path
    self.form = form
    self.node = node
    self.rotateBytes = rotateBytes
    self.keep = keep
  }

  func send(_ batch: OutletBatch) throws(OutletError) {
    var buffer = writer.take()
    buffer.clear()
    var writer = JSONWriter(buffer)
    batch.forEach { event in
      form.append(event, node: node, to: &writer)
      writer.endLine()
    }
    defer { self.writer = writer }
    do throws(FileError) {
      // Somebody may have moved it away meanwhile.
      if file == nil || !SystemFile.isThere(path) {
        file = try AppendFile(path, permissions: 0o640)
      }
      try file?.append(writer.buffer.readable)
      if let file, file.count >= rotateBytes { try rotate(file.count) }
    } catch {
      file = nil
      throw OutletError("cannot write \(path): it \(error)")
    }
  }

  /// Makes `path.1.zst` of the file, and `path.2.zst` of that before.
  private func rotate(_ count: Int) throws(FileError) {
    file = nil
    let bytes = try SystemFile.read(path, bytesMax: max(rotateBytes * 2, 1 << 30))
    var packed: [UInt8] = []
    if let compressor = Zstandard(level: 3), compressor.compress(bytes.span, to: &packed) {
      for number in stride(from: keep - 1, through: 1, by: -1)
      where SystemFile.isThere("\(path).\(number).zst") {
        try SystemFile.move("\(path).\(number).zst", to: "\(path).\(number + 1).zst")
      }
      if keep > 0 {
        try SystemFile.write(packed, to: "\(path).1.zst", permissions: 0o640, replacing: true)
      }
    }
    try SystemFile.remove(path)
  }
}
