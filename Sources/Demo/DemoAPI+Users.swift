extension DemoAPI {
  func users(_ request: DemoRequest) -> DemoResponse {
    switch request.segments.count {
    case 1:
      if let refusal = request.only(["GET", "POST"]) { return refusal }
      if request.method == "POST" { return createUser(request) }
      let users = store.with(\.users).map(\.json)
      return .json(.object([("users", .array(users)), ("total", .integer(users.count))]))
    case 2, 3:
      if request.segments.count == 3, request.segments[2] != "orders" {
        return .notFound("such path")
      }
      if let refusal = request.only(["GET"]) { return refusal }
      guard let user = Int(request.segments[1]).flatMap({ id in store.with { $0.user(id) } })
      else { return .notFound("such user") }
      return request.segments.count == 2
        ? .json(user.json) : listOrders(request, user: user.id)
    default: return .notFound("such path")
    }
  }

  private func createUser(_ request: DemoRequest) -> DemoResponse {
    guard let value = JSONValue(request.body) else {
      return .problem(400, "Bad Request", "The body is no JSON.")
    }
    guard case .text(let name) = value["name"], case .text(let email) = value["email"],
      (1...100).contains(name.count), (3...200).contains(email.count),
      email.split(separator: "@", omittingEmptySubsequences: false).count == 2
    else {
      return .unprocessable("A user has a 'name' and an 'email' address.")
    }
    guard let user = store.with({ $0.addUser(name: name, email: email) }) else {
      return .full("users")
    }
    return .json(user.json, status: 201, fields: [("Location", "/users/\(user.id)")])
  }
}
