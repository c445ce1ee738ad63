import CLinux
import Foundation
import Testing

@testable import Telemetry

@Suite struct LogFileTests {
  private let folder: Folder
  private let path: String

  init() throws {
    folder = try Folder()
    path = folder.path("access.log")
  }

  private func settings(
    size: Int? = nil, age: Int? = nil, keep: Int = 7, path: String? = nil
  ) -> AccessLogSettings {
    AccessLogSettings(
      path: path ?? self.path, format: .json, rotateBytes: size, rotateAgeSeconds: age, keep: keep)
  }

  private func put(_ text: String, in file: inout LogFile, now: Int = 100) -> UInt64 {
    file.write(Array(text.utf8), count: text.utf8.count, now: now)
  }

  @Test func `Only the owner and the group may read the file`() throws {
    _ = try LogFile(settings(), now: 0)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(try #require(mode) & 0o137 == 0)
  }

  @Test func `What is there is kept`() throws {
    try folder.write("old\n", to: "access.log")
    var file = try LogFile(settings(), now: 0)
    #expect(put("new\n", in: &file) == 0)
    #expect(folder.text("access.log") == "old\nnew\n")
  }

  @Test func `A symbolic link, a folder, a pipe without a reader and a lost path are refused`()
    throws
  {
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("link"), withDestinationPath: folder.path("target"))
    #expect(unsafe mkfifo(folder.path("pipe"), 0o600) == 0)
    let expected = [
      ("link", "symbolic link"), ("", "folder"), ("pipe", "pipe"), ("none/x", "No such file"),
    ]
    for (name, reason) in expected {
      let error = #expect(throws: AccessLogError.self) {
        _ = try LogFile(settings(path: folder.path(name)), now: 0)
      }
      #expect(error?.description.contains(reason) == true, "\(name): \(String(describing: error))")
    }
    #expect(folder.names == ["link", "pipe"])
  }

  @Test func `A file is moved aside before it grows too large`() throws {
    var file = try LogFile(settings(size: 10, keep: 2), now: 0)
    for line in ["aaaaaa\n", "bbbbbb\n", "cccccc\n", "dddddd\n"] {
      #expect(put(line, in: &file) == 0)
    }
    #expect(folder.text("access.log") == "dddddd\n")
    #expect(folder.text("access.log.1") == "cccccc\n")
    #expect(folder.text("access.log.2") == "bbbbbb\n")
    #expect(folder.names == ["access.log", "access.log.1", "access.log.2"])
  }

  @Test func `With nothing to keep the old file is deleted`() throws {
    var file = try LogFile(settings(size: 10, keep: 0), now: 0)
    for line in ["aaaaaa\n", "bbbbbb\n"] { #expect(put(line, in: &file) == 0) }
    #expect(folder.text("access.log") == "bbbbbb\n")
    #expect(folder.names == ["access.log"])
  }

  @Test func `A block that is larger than a file may be is written whole`() throws {
    var file = try LogFile(settings(size: 3), now: 0)
    #expect(put("aaaaaa\n", in: &file) == 0)
    #expect(folder.text("access.log") == "aaaaaa\n")
    #expect(folder.names == ["access.log"])
  }

  @Test func `A file is moved aside when it is old`() throws {
    var file = try LogFile(settings(age: 60), now: 1000)
    #expect(put("a\n", in: &file, now: 1059) == 0)
    #expect(folder.names == ["access.log"])
    #expect(put("b\n", in: &file, now: 1060) == 0)
    #expect(folder.text("access.log.1") == "a\n")
    #expect(put("c\n", in: &file, now: 1119) == 0)
    #expect(folder.text("access.log") == "b\nc\n")
  }

  @Test func `A restart does not make a file young`() throws {
    try folder.write("before\n", to: "access.log.1")
    try folder.write("a\n", to: "access.log")
    let now = time(nil)
    var file = try LogFile(settings(age: 60), now: now + 100)
    #expect(put("b\n", in: &file, now: now + 100) == 0)
    #expect(folder.text("access.log") == "b\n")
    #expect(folder.text("access.log.1") == "a\n")
  }

  @Test func `A rotation that fails loses nothing and is tried again later`() throws {
    try FileManager.default.createDirectory(
      atPath: folder.path("access.log.1"), withIntermediateDirectories: false)
    var file = try LogFile(settings(size: 4, keep: 1), now: 0)
    for line in ["aaa\n", "bbb\n", "ccc\n"] { #expect(put(line, in: &file, now: 100) == 0) }
    #expect(folder.text("access.log") == "aaa\nbbb\nccc\n")
    try FileManager.default.removeItem(atPath: folder.path("access.log.1"))
    #expect(put("ddd\n", in: &file, now: 159) == 0)
    #expect(folder.names == ["access.log"])
    #expect(put("eee\n", in: &file, now: 160) == 0)
    #expect(folder.text("access.log") == "eee\n")
    #expect(folder.text("access.log.1") == "aaa\nbbb\nccc\nddd\n")
  }

  @Test func `A file that others cut begins at its start again`() throws {
    var file = try LogFile(settings(size: 10), now: 0)
    #expect(put("aaaaaa\n", in: &file) == 0)
    #expect(unsafe truncate(path, 0) == 0)
    #expect(put("bbbbbb\n", in: &file) == 0)
    #expect(folder.text("access.log") == "bbbbbb\n")
    #expect(folder.names == ["access.log"])
  }

  @Test func `A file that others moved is written until it is opened anew`() throws {
    var file = try LogFile(settings(), now: 0)
    #expect(put("a\n", in: &file) == 0)
    try folder.move("access.log", to: "moved")
    #expect(put("b\n", in: &file) == 0)
    #expect(folder.text("moved") == "a\nb\n")
    file.reopen(now: 0)
    #expect(put("c\n", in: &file) == 0)
    #expect(folder.text("moved") == "a\nb\n")
    #expect(folder.text("access.log") == "c\n")
  }

  @Test func `A file that others deleted is made anew`() throws {
    var file = try LogFile(settings(), now: 0)
    #expect(put("a\n", in: &file) == 0)
    try FileManager.default.removeItem(atPath: path)
    #expect(put("b\n", in: &file) == 0)
    #expect(folder.text("access.log") == "b\n")
  }

  @Test func `A file that others put in place of ours is not moved aside`() throws {
    var file = try LogFile(settings(size: 4), now: 0)
    #expect(put("aaa\n", in: &file) == 0)
    try folder.move("access.log", to: "moved")
    try folder.write("x\n", to: "access.log")
    #expect(put("bbb\n", in: &file) == 0)
    #expect(folder.text("access.log") == "x\nbbb\n")
    #expect(folder.names == ["access.log", "moved"])
  }

  @Test func `A reopening that fails goes on with the old file`() throws {
    var file = try LogFile(settings(), now: 0)
    try folder.move("access.log", to: "moved")
    try FileManager.default.createSymbolicLink(
      atPath: path, withDestinationPath: folder.path("elsewhere"))
    file.reopen(now: 0)
    #expect(put("a\n", in: &file) == 0)
    #expect(folder.text("moved") == "a\n")
    #expect(folder.text("elsewhere") == nil)
  }

  @Test func `A full disk costs each line of the block`() throws {
    var file = try LogFile(settings(path: "/dev/full"), now: 0)
    #expect(put("a\nb\nc\n", in: &file) == 3)
    #expect(put("d\n", in: &file) == 1)
  }
}
