import Base
import Runtime
import Synchronization
import TLS

/// Finds the addresses of a host, for a thread that waits, and connects to the first that answers.
final class NameLookup: Sendable {
  private static let milliseconds: UInt64 = 10_000

  private final class Box: Sendable {
    let result = Mutex<Result<[IPAddress], ResolverError>?>(nil)
  }

  private let resolver: Resolver

  init(_ name: String) throws(EventsError) {
    do throws(ResolverError) {
      resolver = try Resolver()
    } catch {
      throw EventsError("the output \(name) cannot look up names: \(error)")
    }
  }

  /// A connection to the host.
  func connect(
    _ host: HostAddress, port: UInt16, tls: TLSClientContext?
  ) throws(OutletError) -> ByteStream {
    var last = OutletError("has no address")
    for address in try addresses(host) {
      do throws(OutletError) {
        return try ByteStream(address, port: port, tls: tls, serverName: host.text)
      } catch {
        last = error
      }
    }
    throw last
  }

  private func addresses(_ host: HostAddress) throws(OutletError) -> [IPAddress] {
    guard let done = try? Wakeup() else { throw OutletError("has no descriptor") }
    let box = Box()
    do throws(ResolverError) {
      try resolver.resolve(host) { answer in
        box.result.withLock { $0 = answer.map(\.addresses) }
        done.notify()
      }
    } catch {
      throw OutletError("has no address: \(error)")
    }
    let end = Clock.monotonic.nanoseconds / 1_000_000 + NameLookup.milliseconds
    while Clock.monotonic.nanoseconds / 1_000_000 < end {
      done.wait(milliseconds: 1000)
      switch box.result.withLock({ $0 }) {
      case .success(let addresses): return addresses
      case .failure(let error): throw OutletError("has no address: \(error)")
      case nil: continue
      }
    }
    throw OutletError("has no address: its name is not resolved")
  }
}
