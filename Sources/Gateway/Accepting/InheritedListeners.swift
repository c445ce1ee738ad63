public import Blueprint
import Runtime
import Synchronization

/// Listening sockets that another process has handed over, until the loops have taken them.
public final class InheritedListeners: Sendable {
  private struct Held {
    let bind: BindAddress
    let descriptor: Int32
    /// The place among the sockets of its address.
    let place: Int
  }

  private let held = Mutex<[Held]>([])

  /// None yet.
  public init() {}

  deinit { closeRest() }

  /// Takes over a socket that listens at an address.
  public func add(_ bind: BindAddress, _ descriptor: Int32) {
    held.withLock { held in
      let place = held.count { $0.bind == bind }
      held.append(Held(bind: bind, descriptor: descriptor, place: place))
    }
  }

  /// Whether any socket listens at an address.
  func has(_ bind: BindAddress) -> Bool {
    held.withLock { $0.contains { $0.bind == bind } }
  }

  /// The sockets of an address that one of `share` loops has from now on: every socket goes to one
  /// of them, since the system shares new connections out among all that are open.
  func take(_ bind: BindAddress, worker: Int, of share: Int) -> [Int32] {
    held.withLock { held in
      let taken = held.filter { $0.bind == bind && $0.place % share == worker }
      held.removeAll { $0.bind == bind && $0.place % share == worker }
      return taken.map(\.descriptor)
    }
  }

  /// Closes those that nobody wants.
  public func closeRest() {
    let rest = held.withLock { held in
      defer { held = [] }
      return held
    }
    for one in rest { Socket.close(one.descriptor) }
  }
}
