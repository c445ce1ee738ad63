/// The names of the objects that are open while a text is read, to find one that comes twice.
///
/// Names are kept as hashes of 64 bits, made with a seed of this process. An object of few members
/// compares them one by one; one of many has them in a table, where each stands with the number of
/// its object. Neither can be made slow by choosing names, and both use their storage again.
struct JSONNames: Sendable {
  /// Members up to which comparing each with each is quicker than a table.
  private static let comparedMax = 24
  /// Names and objects that have their room here, which is quicker than an array.
  private static let hereMax = 64
  private static let framesHereMax = 16

  private struct Frame {
    var base: UInt32 = 0
    var count: UInt32 = 0
    var object: UInt64 = 0
  }

  /// The hashes of names that are compared: those of all open objects, one behind the other.
  private var here = InlineArray<64, UInt64>(repeating: 0)
  private var further: [UInt64] = []
  private var used = 0
  /// The innermost object, and those around it.
  private var frame = Frame()
  private var frames = InlineArray<16, Frame>(repeating: Frame())
  private var furtherFrames: [Frame] = []
  private var depth = 0
  private var table: [UInt64] = []
  private var tableCount = 0
  private var objects: UInt64 = 0

  /// Forgets all, and keeps the storage if it is not large.
  mutating func clear() {
    used = 0
    depth = 0
    frame = Frame()
    objects = 0
    if !further.isEmpty { further.removeAll(keepingCapacity: further.capacity <= 4096) }
    if !furtherFrames.isEmpty { furtherFrames.removeAll(keepingCapacity: true) }
    if tableCount > 0 {
      if table.count > 4096 { table = [] }
      for at in table.indices { table[at] = 0 }
      tableCount = 0
    }
  }

  /// An object begins.
  @inline(__always)
  mutating func begin() {
    if depth < JSONNames.framesHereMax {
      frames[depth] = frame
    } else {
      furtherFrames.append(frame)
    }
    depth += 1
    objects &+= 1
    frame = Frame(base: UInt32(truncatingIfNeeded: used), count: 0, object: objects)
  }

  /// The innermost object ends.
  @inline(__always)
  mutating func end() {
    guard depth > 0 else { return }
    used = Int(frame.base)
    depth -= 1
    if depth < JSONNames.framesHereMax {
      frame = frames[depth]
    } else {
      frame = furtherFrames.removeLast()
    }
  }

  /// How many members the innermost object has.
  @inline(__always)
  var count: Int { Int(frame.count) }

  /// Adds a name to the innermost object; false if it is there already.
  @inline(__always)
  mutating func add(_ hash: UInt64) -> Bool {
    guard frame.count < JSONNames.comparedMax, used < JSONNames.hereMax else {
      return addFurther(hash)
    }
    for at in Int(frame.base)..<used where here[at] == hash { return false }
    here[used] = hash
    used += 1
    frame.count += 1
    return true
  }

  /// As `add`, where a table is quicker or there is no more room here.
  @inline(never)
  private mutating func addFurther(_ hash: UInt64) -> Bool {
    let count = frame.count
    frame.count += 1
    if count < JSONNames.comparedMax {
      for at in Int(frame.base)..<used where self.hash(at) == hash { return false }
      let place = used - JSONNames.hereMax
      if place < further.count { further[place] = hash } else { further.append(hash) }
      used += 1
      return true
    }
    if count == JSONNames.comparedMax {
      for at in Int(frame.base)..<used { _ = insert(self.hash(at), frame.object) }
    }
    return insert(hash, frame.object)
  }

  private func hash(_ place: Int) -> UInt64 {
    place < JSONNames.hereMax ? here[place] : further[place - JSONNames.hereMax]
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
