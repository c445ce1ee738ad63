/// What a user ordered.
struct DemoOrder: Sendable {
  enum Status: String, CaseIterable { case open, paid, shipped, cancelled }

  /// A product and how many of it.
  struct Item: Sendable {
    static let quantityMax = 100

    let product: String
    let quantity: Int

    init(_ product: String, _ quantity: Int) {
      self.product = product
      self.quantity = quantity
    }

    var unitPriceCents: Int {
      DemoState.catalogue.first { $0.product == product }?.unitPriceCents ?? 0
    }
  }

  /// Most lines of one order.
  static let itemsMax = 20

  let id: Int
  let user: Int
  var status: Status
  let items: [Item]

  var totalCents: Int { items.reduce(0) { $0 + $1.quantity * $1.unitPriceCents } }

  var json: JSONValue {
    let items = items.map { item in
      JSONValue.object([
        ("product", .text(item.product)), ("quantity", .integer(item.quantity)),
        ("unitPriceCents", .integer(item.unitPriceCents)),
      ])
    }
    return .object([
      ("id", .integer(id)), ("user", .integer(user)), ("status", .text(status.rawValue)),
      ("items", .array(items)), ("totalCents", .integer(totalCents)), ("currency", .text("EUR")),
    ])
  }
}
