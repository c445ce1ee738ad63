extension DemoAPI {
  func orders(_ request: DemoRequest) -> DemoResponse {
    switch request.segments.count {
    case 1:
      if let refusal = request.only(["GET", "POST"]) { return refusal }
      return request.method == "GET" ? listOrders(request, user: nil) : createOrder(request)
    case 2:
      if let refusal = request.only(["GET", "DELETE"]) { return refusal }
      return request.method == "GET" ? order(request) : cancelOrder(request)
    default: return .notFound("such path")
    }
  }

  private func order(_ request: DemoRequest) -> DemoResponse {
    let order = Int(request.segments[1]).flatMap { id in store.with { $0.order(id) } }
    return order.map { .json($0.json) } ?? .notFound("such order")
  }

  private func cancelOrder(_ request: DemoRequest) -> DemoResponse {
    store.with { state in
      guard let order = Int(request.segments[1]).flatMap({ state.order($0) }) else {
        return .notFound("such order")
      }
      if order.status == .shipped {
        return .problem(409, "Conflict", "The order has been shipped.")
      }
      return state.cancelOrder(order.id).map { .json($0.json) } ?? .notFound("such order")
    }
  }

  /// The orders of a user, or of all; `status`, `offset` and `limit` choose among them.
  func listOrders(_ request: DemoRequest, user: Int?) -> DemoResponse {
    guard let limit = request.number("limit", in: 1...100, or: 20),
      let offset = request.number("offset", in: 0...1_000_000, or: 0)
    else {
      return .problem(400, "Bad Request", "limit is 1 to 100, offset is 0 to 1000000.")
    }
    let word = request.parameter("status")
    let status = word.flatMap { DemoOrder.Status(rawValue: $0) }
    if word != nil, status == nil {
      return .problem(400, "Bad Request", "status is open, paid, shipped or cancelled.")
    }
    let found = store.with(\.orders).filter { order in
      (user == nil || order.user == user) && (status == nil || order.status == status)
    }
    let page = found.dropFirst(offset).prefix(limit).map(\.json)
    return .json(.object([("orders", .array(Array(page))), ("total", .integer(found.count))]))
  }

  private func createOrder(_ request: DemoRequest) -> DemoResponse {
    guard let value = JSONValue(request.body) else {
      return .problem(400, "Bad Request", "The body is no JSON.")
    }
    guard case .integer(let user) = value["user"], case .array(let lines) = value["items"],
      (1...DemoOrder.itemsMax).contains(lines.count)
    else {
      return .unprocessable(
        "An order has a 'user' and 1 to \(DemoOrder.itemsMax) 'items'.")
    }
    let items = lines.compactMap(DemoAPI.item)
    guard items.count == lines.count else {
      return .unprocessable(
        "An item has a 'product' of the catalogue and a 'quantity' from 1 to "
          + "\(DemoOrder.Item.quantityMax).")
    }
    return store.with { state in
      guard state.user(user) != nil else { return .unprocessable("There is no user \(user).") }
      guard let order = state.addOrder(user: user, items: items) else { return .full("orders") }
      return .json(order.json, status: 201, fields: [("Location", "/orders/\(order.id)")])
    }
  }

  private static func item(_ value: JSONValue) -> DemoOrder.Item? {
    guard case .text(let product) = value["product"], case .integer(let count) = value["quantity"],
      (1...DemoOrder.Item.quantityMax).contains(count),
      DemoState.catalogue.contains(where: { $0.product == product })
    else { return nil }
    return DemoOrder.Item(product, count)
  }
}
