/// The members of a JSON object in their order, found by name in constant time.
public struct JSONObject: Hashable, Sendable {
  /// Members from which on there is a table of places.
  private static let tableMin = 12

  /// The members, in their order.
  public private(set) var members: [JSONMember]
  /// For many members: the place plus one of each, by the hash of its name; open addressing.
  private var table: [UInt32] = []

  /// An object of these members; of those with one name, the first is found.
  public init(_ members: [JSONMember] = []) {
    self.members = members
    if members.count >= JSONObject.tableMin { index() }
  }

  /// How many members it has.
  public var count: Int { members.count }

  /// The value of the member called `name`; setting it to nil takes the member away.
  public subscript(name: String) -> JSONValue? {
    get { place(of: name).map { members[$0].value } }
    set {
      let place = place(of: name)
      if let newValue {
        if let place {
          members[place].value = newValue
        } else {
          append(JSONMember(name, newValue))
        }
      } else if let place {
        members.remove(at: place)
        index()
      }
    }
  }

  /// The place of the member called `name`.
  public func place(of name: String) -> Int? {
    let span = name.utf8.span
    if table.isEmpty {
      return members.firstIndex { $0.name.utf8.elementsEqual(name.utf8) }
    }
    let mask = table.count - 1
    var at = Int(truncatingIfNeeded: JSONHash().of(span)) & mask
    while table[at] != 0 {
      let place = Int(table[at]) - 1
      if members[place].name.utf8.elementsEqual(name.utf8) { return place }
      at = (at + 1) & mask
    }
    return nil
  }

  private mutating func append(_ member: JSONMember) {
    members.append(member)
    if members.count >= JSONObject.tableMin {
      if 2 * members.count > table.count { index() } else { enter(members.count - 1) }
    }
  }

  private mutating func index() {
    table = []
    guard members.count >= JSONObject.tableMin else { return }
    var size = 32
    while size < 3 * members.count { size *= 2 }
    table = [UInt32](repeating: 0, count: size)
    for place in members.indices { enter(place) }
  }

  private mutating func enter(_ place: Int) {
    let mask = table.count - 1
    var at = Int(truncatingIfNeeded: JSONHash().of(members[place].name.utf8.span)) & mask
    while table[at] != 0 { at = (at + 1) & mask }
    table[at] = UInt32(truncatingIfNeeded: place + 1)
  }

  /// Whether both have the same members, in whatever order.
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.count == right.count
      && left.members.allSatisfy { member in right[member.name] == member.value }
  }

  /// The same for objects that are equal.
  public func hash(into hasher: inout Hasher) {
    var sum = 0
    for member in members {
      var own = Hasher()
      for byte in member.name.utf8 { own.combine(byte) }
      own.combine(member.value)
      sum &+= own.finalize()
    }
    hasher.combine(sum)
  }
}
