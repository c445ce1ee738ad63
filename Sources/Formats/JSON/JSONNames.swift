/// The names of the objects that are open while a text is read, to find one that comes twice.
///
/// Names are kept as hashes of 64 bits, made with a seed of this process. An object of few members
/// compares them one by one; one of many has them in a table, where each stands with the number of
/// its object. Neither can be made slow by choosing names, and both use their storage again.
struct JSONNames: Sendable {
  /// Members up to which comparing each with each is quicker than a table.
  private static let comparedMax = 24

  private struct Frame {
    var base: Int
    var object: UInt64
    var count: Int
  }

  private var hashes: [UInt64] = []
  private var frames: [Frame] = []
  private var table: [UInt64] = []
  private var tableCount = 0
  private var objects: UInt64 = 0

  /// Forgets all, and keeps the storage if it is not large.
  mutating func clear() {
    hashes.removeAll(keepingCapacity: true)
    frames.removeAll(keepingCapacity: true)
    objects = 0
    if tableCount > 0 {
      if table.count > 4096 { table = [] }
      for at in table.indices { table[at] = 0 }
      tableCount = 0
    }
  }

  /// An object begins.
  mutating func begin() {
    objects &+= 1
    frames.append(Frame(base: hashes.count, object: objects, count: 0))
  }

  /// The innermost object ends.
  mutating func end() {
    guard let frame = frames.popLast() else { return }
    hashes.removeLast(hashes.count - frame.base)
  }

  /// How many members the innermost object has.
  var count: Int { frames.last?.count ?? 0 }

  /// Adds a name to the innermost object; false if it is there already.
  mutating func add(_ hash: UInt64) -> Bool {
    let last = frames.count - 1
    let frame = frames[last]
    frames[last].count += 1
    if frame.count < JSONNames.comparedMax {
      for at in frame.base..<hashes.count where hashes[at] == hash { return false }
      hashes.append(hash)
      return true
    }
    if frame.count == JSONNames.comparedMax {
      for at in frame.base..<hashes.count { _ = insert(hashes[at], frame.object) }
    }
    return insert(hash, frame.object)
  }

  private mutating func insert(_ hash: UInt64, _ object: UInt64) -> Bool {
    if 2 * (tableCount + 1) > table.count { grow() }
    // Zero marks a free place; the one hash that would be zero shares another's.
    let key = max(JSONHash.mix(hash, object), 1)
    let mask = table.count - 1
    var at = Int(truncatingIfNeeded: key) & mask
    while table[at] != 0 {
      if table[at] == key { return false }
      at = (at + 1) & mask
    }
    table[at] = key
    tableCount += 1
    return true
  }

  private mutating func grow() {
    let old = table
    table = [UInt64](repeating: 0, count: max(128, 2 * old.count))
    let mask = table.count - 1
    for key in old where key != 0 {
      var at = Int(truncatingIfNeeded: key) & mask
      while table[at] != 0 { at = (at + 1) & mask }
      table[at] = key
    }
  }
}
