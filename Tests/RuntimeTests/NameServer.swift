import Base
import CLinux
import Synchronization

@testable import Runtime

/// A name server over loopback, UDP and TCP, that answers as a test says.
final class NameServer: Sendable {
  struct Query: Sendable {
    let bytes: [UInt8]
    let name: String
    let type: UInt16
    let isTCP: Bool
    /// How many queries for this name and type came before.
    let number: Int

    var isV4: Bool { type == 1 }
  }

  enum Reaction: Sendable {
    /// Send these messages, one after the other.
    case send([[UInt8]])
    /// Send this when the test calls `release`.
    case hold([UInt8])
    case silence
  }

  private struct State {
    var seen: [Query] = []
    var held: [(bytes: [UInt8], peer: sockaddr_in)] = []
    var isStopped = false
  }

  let server: ResolverServer
  private let state = Mutex(State())
  private let datagrams: Int32
  private let listener: Int32
  private let react: @Sendable (Query) -> Reaction

  init(_ react: @escaping @Sendable (Query) -> Reaction) {
    self.react = react
    var (datagrams, listener, port) = (Int32(-1), Int32(-1), UInt16(0))
    while listener < 0 {
      (datagrams, port) = NameServer.bound(Int32(SOCK_DGRAM.rawValue), port: 0)
      (listener, _) = NameServer.bound(Int32(SOCK_STREAM.rawValue), port: port)
      if listener < 0 { close(datagrams) }
    }
    self.datagrams = datagrams
    self.listener = listener
    listen(listener, 16)
    server = ResolverServer(address: IPAddress(v4: 0x7F00_0001), port: port)
    _ = startThread { [self] in run() }
  }

  var seen: [Query] { state.withLock { $0.seen } }

  func count(_ name: String) -> Int { seen.filter { $0.name == name }.count }

  /// How many messages wait for `release`.
  var heldCount: Int { state.withLock { $0.held.count } }

  func stop() { state.withLock { $0.isStopped = true } }

  /// Sends what was held; returns how many messages that were.
  func release() -> Int {
    let held = state.withLock { state in
      defer { state.held = [] }
      return state.held
    }
    for (bytes, peer) in held { sendDatagram(bytes, peer) }
    return held.count
  }

  private static func bound(_ type: Int32, port: UInt16) -> (Int32, UInt16) {
    let descriptor = socket(AF_INET, type | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    // Safety: the address is a whole sockaddr_in, and its size is given.
    let code = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        unsafe bind(descriptor, generic, size) | getsockname(descriptor, generic, &size)
      }
    }
    if code != 0 {
      close(descriptor)
      return (-1, 0)
    }
    return (descriptor, address.sin_port.bigEndian)
  }

  private func run() {
    while !state.withLock({ $0.isStopped }) {
      var entries = [
        pollfd(fd: datagrams, events: Int16(POLLIN), revents: 0),
        pollfd(fd: listener, events: Int16(POLLIN), revents: 0),
      ]
      // Safety: the array has as many entries as are said.
      _ = unsafe poll(&entries, 2, 20)
      if entries[0].revents != 0 { serveDatagram() }
      if entries[1].revents != 0 { serveConnection() }
    }
    close(datagrams)
    close(listener)
  }

  private func serveDatagram() {
    var bytes = [UInt8](repeating: 0, count: 2048)
    var peer = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    // Safety: the buffer and the address have the sizes that are given.
    let count = unsafe withUnsafeMutablePointer(to: &peer) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe recvfrom(datagrams, &bytes, bytes.count, 0, $0, &size)
      }
    }
    guard count > 12 else { return }
    switch react(note(Array(bytes[..<count]), isTCP: false)) {
    case .send(let messages): for message in messages { sendDatagram(message, peer) }
    case .hold(let message): state.withLock { $0.held.append((message, peer)) }
    case .silence: return
    }
  }

  private func serveConnection() {
    let connection = accept(listener, nil, nil)
    defer { close(connection) }
    var bytes = [UInt8](repeating: 0, count: 2048)
    // Safety: the buffer has the size that is given.
    let count = unsafe recv(connection, &bytes, bytes.count, 0)
    guard count > 14 else { return }
    guard case .send(let messages) = react(note(Array(bytes[2..<count]), isTCP: true)) else {
      return
    }
    for message in messages {
      let framed = [UInt8(message.count >> 8), UInt8(message.count & 0xFF)] + message
      // In two parts, so that the reader has to wait for the rest.
      let middle = framed.count / 2
      for part in [framed[..<middle], framed[middle...]] {
        // Safety: the slice's own memory and count.
        _ = unsafe part.withUnsafeBytes { unsafe send(connection, $0.baseAddress, $0.count, 0) }
      }
    }
  }

  private func sendDatagram(_ bytes: [UInt8], _ peer: sockaddr_in) {
    var peer = peer
    // Safety: the buffer and the address have the sizes that are given.
    _ = unsafe withUnsafeMutablePointer(to: &peer) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe sendto(
          datagrams, bytes, bytes.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  private func note(_ bytes: [UInt8], isTCP: Bool) -> Query {
    var labels: [String] = []
    var at = 12
    while at < bytes.count, bytes[at] != 0 {
      let end = at + 1 + Int(bytes[at])
      labels.append(String(decoding: bytes[at + 1..<end], as: UTF8.self))
      at = end
    }
    let (name, type) = (labels.joined(separator: "."), UInt16(bytes[at + 2]))
    return state.withLock { state in
      let number = state.seen.filter { $0.name == name && $0.type == type }.count
      let query = Query(bytes: bytes, name: name, type: type, isTCP: isTCP, number: number)
      state.seen.append(query)
      return query
    }
  }
}

/// Runs `body` on a thread of its own.
func startThread(_ body: @escaping @Sendable () -> Void) -> pthread_t {
  final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  var thread = pthread_t()
  // Safety: the reference that is retained here is released by the thread.
  let work = unsafe Unmanaged.passRetained(Work(body))
  let code = unsafe pthread_create(
    &thread, nil,
    { argument in
      guard let argument = unsafe argument else { return nil }
      unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
      return nil
    }, work.toOpaque())
  precondition(code == 0, "no thread to be had")
  pthread_detach(thread)
  return thread
}
