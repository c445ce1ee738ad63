import Crypto
import Synchronization

/// The data keys of a store, unwrapped: one for each purpose, and older ones that still open.
///
/// A purpose's key is made when something is first sealed for it.
final class Keyring: Sendable {
  private struct State {
    var masters: [any MasterKey]
    var keys: [String: [Int: SymmetricKey]] = [:]
  }

  private static let dataKeyBytes = 32

  private let store: any RecordStore
  /// Where the keys are read while the store cannot be reached.
  private let copy: (any RecordStore)?
  private let state: Mutex<State>

  /// The keys of `store`; the first master key wraps new ones, all unwrap.
  init(
    _ store: any RecordStore, copy: (any RecordStore)?, masters: [any MasterKey]
  ) throws(StoreError) {
    precondition(!masters.isEmpty, "a master key")
    self.store = store
    self.copy = copy
    state = Mutex(State(masters: masters))
    try reload()
  }

  /// The master key that wraps what is new.
  var master: (any MasterKey)? { state.withLock { $0.masters.first } }

  /// Takes over other master keys, if all data keys can be opened by them.
  func use(_ masters: [any MasterKey]) throws(StoreError) {
    precondition(!masters.isEmpty, "a master key")
    let keys = try Keyring.unwrap(wrappedKeys(), masters)
    state.withLock { $0 = State(masters: masters, keys: keys) }
  }

  /// Reads what others have added.
  func reload() throws(StoreError) {
    let masters = state.withLock { $0.masters }
    let keys = try Keyring.unwrap(wrappedKeys(), masters)
    state.withLock { $0.keys = keys }
  }

  private func wrappedKeys() throws(StoreError) -> [WrappedKey] {
    guard let copy else { return try store.keys() }
    do throws(StoreError) {
      return try store.keys()
    } catch {
      guard case .unavailable = error else { throw error }
      return try copy.keys()
    }
  }

  private static func unwrap(
    _ wrapped: [WrappedKey], _ masters: [any MasterKey]
  ) throws(StoreError) -> [String: [Int: SymmetricKey]] {
    var keys: [String: [Int: SymmetricKey]] = [:]
    for key in wrapped {
      guard let master = masters.first(where: { $0.id == key.master }) else {
        throw .unusable(
          "the store's keys are wrapped by the master key \(key.master), which is not there; "
            + "there is \(masters.map(\.id).joined(separator: ", "))")
      }
      keys[key.purpose, default: [:]][key.version] = try master.unwrap(
        key.wrapped, context: context(key.purpose, key.version))
    }
    return keys
  }

  private static func context(_ purpose: String, _ version: Int) -> String {
    "gatehouse data key \(purpose) \(version)"
  }

  /// The key that seals for a purpose, with its version.
  func current(_ purpose: String) throws(StoreError) -> (version: Int, key: SymmetricKey) {
    if let found = newest(purpose) { return found }
    try add(purpose, version: 1)
    try reload()
    guard let made = newest(purpose) else {
      throw .damaged("the data key for \(purpose) was not kept")
    }
    return made
  }

  private func newest(_ purpose: String) -> (version: Int, key: SymmetricKey)? {
    state.withLock { state in
      state.keys[purpose]?.max { $0.key < $1.key }.map { (version: $0.key, key: $0.value) }
    }
  }

  /// A certain version of a purpose's key; nil if there is none.
  func key(_ purpose: String, version: Int) -> SymmetricKey? {
    state.withLock { $0.keys[purpose]?[version] }
  }

  /// Makes a key; if another gateway made one meanwhile, that one stays.
  private func add(_ purpose: String, version: Int) throws(StoreError) {
    try store.add([try wrapped(purpose, version, Keyring.makeKey())])
  }

  private static func makeKey() throws(StoreError) -> SymmetricKey {
    guard let bytes = try? SecureRandom.bytes(dataKeyBytes) else {
      throw .unusable("the random number generator failed")
    }
    return SymmetricKey(bytes)
  }

  private func wrapped(
    _ purpose: String, _ version: Int, _ key: SymmetricKey
  ) throws(StoreError) -> WrappedKey {
    guard let master else { throw .unusable("there is no master key") }
    return WrappedKey(
      purpose: purpose, version: version, master: master.id,
      wrapped: try master.wrap(key, context: Keyring.context(purpose, version)))
  }

  // MARK: Rotation

  /// All keys, as they are used: purpose, version, key.
  var all: [(purpose: String, version: Int, key: SymmetricKey)] {
    state.withLock { state in
      state.keys.flatMap { purpose, versions in
        versions.map { (purpose: purpose, version: $0.key, key: $0.value) }
      }
    }
  }

  /// Whether every key is wrapped by the first master key.
  func isWrappedByFirst() throws(StoreError) -> Bool {
    let first = master?.id
    return try store.keys().allSatisfy { $0.master == first }
  }

  /// Wraps all keys by the first master key, and makes a new one for each purpose but `fixed`.
  func rotate(fixed: Set<String>) throws(StoreError) {
    var replaced: [WrappedKey] = []
    for (purpose, version, key) in all {
      replaced.append(try wrapped(purpose, version, key))
    }
    for purpose in Set(replaced.map(\.purpose)).subtracting(fixed) {
      let newest = try current(purpose).version
      replaced.append(try wrapped(purpose, newest + 1, Keyring.makeKey()))
    }
    try store.replace(replaced)
    try reload()
  }

  /// Puts keys of another store in the place of this one's, wrapped by the first master key.
  func replace(
    _ keys: [(purpose: String, version: Int, key: SymmetricKey)]
  ) throws(StoreError) {
    var wrappedKeys: [WrappedKey] = []
    for (purpose, version, key) in keys { wrappedKeys.append(try wrapped(purpose, version, key)) }
    try store.replace(wrappedKeys)
    try reload()
  }
}
