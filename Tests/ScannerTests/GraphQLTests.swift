import Testing

@testable import Scanner

@Suite(.serialized) struct GraphQLTests {
  private static let schema = """
    "A shop" schema { query: Root mutation: Change }
    # what is asked
    type Root {
      me: User
      orders(first: Int = 10, after: ID): [Order!]!
      order(id: ID!): Order @deprecated(reason: "old")
    }
    \"""
    Somebody { with: brackets }
    \"""
    type User implements Node & Named @key(fields: "id") { id: ID! name: String orders: [Order] }
    type Order { id: ID! text: String owner: User }
    extend type Root { find(filter: Filter, kind: Kind): Result }
    interface Node { id: ID! }
    interface Named { name: String }
    input Filter { text: String = "a", tags: [String!] }
    enum Kind { SMALL LARGE }
    union Result = User | Order
    scalar Date
    directive @key(fields: String!) repeatable on OBJECT | INTERFACE
    type Change { createOrder(text: String!): Order }
    """

  private func read(_ text: String) throws(ScanError) -> APIDescription {
    try DescriptionReader().read(Array(text.utf8), named: "schema.graphql")
  }

  @Test func `A schema in its own language is read as an introspection is`() throws {
    let found = try read(GraphQLTests.schema)
    #expect(
      found.operations.map(\.graphField) == [
        "Query.me", "Query.orders", "Query.order", "Query.find", "Mutation.createOrder",
      ])
    #expect(
      found.operations[1].document
        == "query($first: Int, $after: ID) { orders(first: $first, after: $after) "
        + "{ id text owner { id name } } }")
    #expect(found.operations[2].body?["required"] == ["id"])
    #expect(found.operations[3].body?["properties"]?["kind"]?["enum"] == ["SMALL", "LARGE"])
    #expect(found.graphLoop == GraphLoop(root: "me", steps: ["orders", "owner"]))
  }

  @Test(arguments: [
    "type", "type Query {", "type Query { a }", "type Query { a: }", "type Query { a(: Int): Int }",
    "schema { query: }", "type Query { a: [Int }", "enum", "union A", "directive on",
    "type Query { a: Int } §", "type Query { a: Int = [[[[ }", "\"\"\" never ends",
  ])
  func `What is broken in a schema is refused and never hangs`(text: String) {
    #expect(throws: ScanError.self) { _ = try read(text) }
  }
}
