/// All that a demo knows: a catalogue that stays, and users, orders and files that come and go.
struct DemoState: Sendable {
  /// Most users and most orders that are kept.
  static let recordsMax = 1000
  /// Most files that are kept.
  static let filesMax = 64

  /// Prices by product, in euro cents.
  static let catalogue: [(product: String, unitPriceCents: Int)] = [
    ("espresso-machine", 44_900), ("coffee-grinder", 18_950), ("house-blend-1kg", 2_290),
    ("single-origin-250g", 990), ("milk-jug", 2_450), ("tamper", 3_900), ("paper-filters", 450),
    ("travel-mug", 2_795),
  ]

  private(set) var users: [DemoUser] = [
    DemoUser(id: 1, name: "Ada Okafor", email: "ada.okafor@example.com"),
    DemoUser(id: 2, name: "Bruno Lindqvist", email: "bruno@example.org"),
    DemoUser(id: 3, name: "Chiara Moretti", email: "chiara.moretti@example.net"),
    DemoUser(id: 4, name: "Daiki Tanaka", email: "daiki@example.com"),
    DemoUser(id: 5, name: "Elif Yılmaz", email: "elif.yilmaz@example.org"),
  ]

  private(set) var orders: [DemoOrder] = [
    DemoOrder(
      id: 1001, user: 1, status: .shipped,
      items: [.init("espresso-machine", 1), .init("house-blend-1kg", 2)]),
    DemoOrder(id: 1002, user: 2, status: .paid, items: [.init("single-origin-250g", 4)]),
    DemoOrder(
      id: 1003, user: 1, status: .open, items: [.init("milk-jug", 1), .init("tamper", 1)]),
    DemoOrder(id: 1004, user: 4, status: .cancelled, items: [.init("travel-mug", 6)]),
    DemoOrder(
      id: 1005, user: 5, status: .open,
      items: [.init("coffee-grinder", 1), .init("paper-filters", 3)]),
  ]

  /// In the order of their names.
  private(set) var files: [DemoFile] = [
    DemoFile(
      name: "opening-hours.txt", contentType: "text/plain; charset=utf-8",
      content: Array("Monday to Friday 8:00-18:00\nSaturday 9:00-14:00\n".utf8))
  ]

  private var lastUser = 5
  private var lastOrder = 1005

  // MARK: Users

  func user(_ id: Int) -> DemoUser? { users.first { $0.id == id } }

  /// Adds a user and gives the number; nil if there are too many.
  mutating func addUser(name: String, email: String) -> DemoUser? {
    guard users.count < DemoState.recordsMax else { return nil }
    lastUser += 1
    let user = DemoUser(id: lastUser, name: name, email: email)
    users.append(user)
    return user
  }

  // MARK: Orders

  func order(_ id: Int) -> DemoOrder? { orders.first { $0.id == id } }

  /// Adds an open order and gives the number; nil if there are too many.
  mutating func addOrder(user: Int, items: [DemoOrder.Item]) -> DemoOrder? {
    guard orders.count < DemoState.recordsMax else { return nil }
    lastOrder += 1
    let order = DemoOrder(id: lastOrder, user: user, status: .open, items: items)
    orders.append(order)
    return order
  }

  /// Marks an order as cancelled and gives it as it is now.
  mutating func cancelOrder(_ id: Int) -> DemoOrder? {
    guard let place = orders.firstIndex(where: { $0.id == id }) else { return nil }
    orders[place].status = .cancelled
    return orders[place]
  }

  // MARK: Files

  func file(_ name: String) -> DemoFile? { files.first { $0.name == name } }

  /// Keeps a file; says whether it is new, or nil if there are too many.
  mutating func keep(_ file: DemoFile) -> Bool? {
    if let place = files.firstIndex(where: { $0.name == file.name }) {
      files[place] = file
      return false
    }
    guard files.count < DemoState.filesMax else { return nil }
    files.append(file)
    files.sort { $0.name < $1.name }
    return true
  }

  /// Says whether there was such a file.
  mutating func removeFile(_ name: String) -> Bool {
    let before = files.count
    files.removeAll { $0.name == name }
    return files.count < before
  }
}
