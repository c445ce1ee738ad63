import Foundation
import Storage
import Synchronization

/// The stores that the suite holds, each empty.
enum StoreBench: String, CaseIterable, Sendable {
  case sqlite, postgres

  /// A server for all tests of the process, started when first asked for, and ended with it.
  private static let server = Mutex<PostgresServer?>(nil)

  /// Nothing is let go of when a process ends: the server is told.
  private static func endServer() { server.withLock { $0?.end() } }

  /// An empty store, and a way to open it once more.
  func make() throws -> Made {
    switch self {
    case .sqlite:
      let folder = FileManager.default.temporaryDirectory.appending(path: "store-\(UUID())")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let path = folder.appending(path: "test.db").path
      return Made(store: try SQLiteStore.open(path: path), folder: folder) {
        try SQLiteStore.open(path: path)
      }
    case .postgres:
      let url = try StoreBench.server.withLock { server in
        if server == nil {
          server = try PostgresServer()
          _ = atexit { StoreBench.endServer() }
        }
        guard let running = server else { throw PostgresError.failed("postgres") }
        return try running.makeDatabase(
          "t" + UUID().uuidString.filter { $0 != "-" }.lowercased())
      }
      return Made(store: try PostgresStore.open(url: url), folder: nil) {
        try PostgresStore.open(url: url)
      }
    }
  }

  /// A store, whose files go when this does.
  final class Made {
    let store: any RecordStore
    let folder: URL?
    private let again: () throws -> any RecordStore

    init(store: any RecordStore, folder: URL?, again: @escaping () throws -> any RecordStore) {
      self.store = store
      self.folder = folder
      self.again = again
    }

    deinit {
      store.close()
      if let folder { try? FileManager.default.removeItem(at: folder) }
    }

    /// The same store through a connection of its own, as another gateway has it.
    func another() throws -> any RecordStore { try again() }
  }
}
