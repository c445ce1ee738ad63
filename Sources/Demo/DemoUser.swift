/// A customer of the shop.
struct DemoUser: Sendable {
  let id: Int
  let name: String
  let email: String

  var json: JSONValue {
    .object([("id", .integer(id)), ("name", .text(name)), ("email", .text(email))])
  }
}
