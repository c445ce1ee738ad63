import Testing

@testable import GraphQL

@Suite struct GraphQLSchemaTests {
  private static let schema = """
    "A service" schema { query: Root mutation: Change }
    \"""
    Words
    \"""
    interface Node @deprecated { id: ID! }
    type Root { node(id: ID!): Node user(id: ID, since: Int = 3): User!
      users(filter: Filter): [User!] search: [Result] pets: [Pet] colour(of: Colour): Colour moment: Moment }
    type Change { rename(name: String!): User }
    type User implements Node { id: ID! name: String friend: User age: Int }
    type Dog implements Node & Pet { id: ID! name: String! barks: Boolean owner: User }
    type Cat implements Node & Pet { id: ID! name: String meows: Int owner: User }
    interface Pet { name: String }
    union Result = User | Dog
    enum Colour { RED GREEN }
    input Filter { name: String! = "x" age: Int! tags: [String!] inner: Filter }
    scalar Moment
    directive @twice(n: Int) repeatable on FIELD
    directive @once on FIELD | QUERY
    extend type User { email: String }
    """

  /// The rule that a query breaks, or nothing.
  private func rule(
    _ query: String, variables: String? = nil, introspection: Bool = true
  ) throws -> String {
    var check = GraphQLCheck()
    check.allowsIntrospection = introspection
    check.schema = try GraphQLSchema(Array(GraphQLSchemaTests.schema.utf8))
    do throws(GraphQLFault) {
      try check.check(
        GraphQLRequest(
          query: query, operationName: nil, variables: variables, check.limits), isSafe: false)
      return ""
    } catch {
      return error.rule
    }
  }

  @Test(arguments: [
    "{ user { id name email } }", "{ node(id: 1) { id ... on User { name } __typename } }",
    "mutation { rename(name: \"a\") { id } }", "{ users(filter: { age: 1, tags: \"a\" }) { id } }",
    "{ users(filter: { age: 1, tags: [\"a\"], inner: { age: 2, name: \"b\" } }) { id } }",
    "{ search { ... on User { name } ... on Dog { barks } } }", "{ colour(of: RED) moment }",
    "{ user(id: 7) { id } other: user(id: \"8\") { id } }", "{ __schema { types { name } } }",
    "{ __type(name: \"User\") { fields(includeDeprecated: true) { name } } }",
    "query @once { colour @twice(n: 1) @twice(n: 2) }",
    "{ user { ...f } } fragment f on User { id }",
    "{ user { id id } user { id } }",
    "{ pets { ... on Dog { n: name o: owner { name } } ... on Cat "
      + "{ o: owner { age } } } }",
    "{ pets { ... on Dog { x: barks } ... on Cat { y: meows } } }",
  ])
  func `What the schema allows passes`(query: String) throws {
    #expect(try rule(query) == "")
  }

  @Test(arguments: [
    ("{ nobody }", "fields"), ("{ user { id { x } } }", "fields"), ("{ user }", "fields"),
    ("subscription { a }", "operations"), ("{ node { id } }", "arguments"),
    ("{ user(name: 1) { id } }", "arguments"), ("{ user(id: 1.5) { id } }", "values"),
    ("{ user(since: 3000000000) { id } }", "values"), ("{ user(since: \"3\") { id } }", "values"),
    ("{ node(id: null) { id } }", "values"), ("{ colour(of: BLUE) }", "values"),
    ("{ colour(of: \"RED\") }", "values"), ("{ users(filter: { name: \"a\" }) { id } }", "values"),
    ("{ users(filter: { age: 1, odd: 1 }) { id } }", "values"),
    ("{ user { ... on Dog { id } } }", "fragments"),
    ("{ user { ... on Nobody { id } } }", "fragments"),
    ("{ user { ... on Colour { id } } }", "fragments"),
    ("{ user { id } } fragment f on User { id }", "fragments"),
    ("{ user { ...f } } fragment f on Colour { id }", "fragments"),
    ("{ user @nobody { id } }", "directives"), ("{ user { ... @once { id } } }", "directives"),
    ("{ user @once @once { id } }", "directives"), ("{ user @skip { id } }", "arguments"),
    ("{ a: user(id: 1) { id } a: user(id: 2) { id } }", "fields"),
    ("{ user { name name: id } }", "fields"),
    ("{ pets { ... on Dog { x: barks } ... on Cat { x: meows } } }", "fields"),
    ("{ pets { ... on Dog { name } ... on Cat { name } } }", "fields"),
    (
      "{ pets { ... on Dog { o: owner { x: name } } ... on Cat { o: owner { x: age } } } }",
      "fields"
    ),
    ("{ a: user(id: \"1\") { id } a: user(id: \"2\") { id } }", "fields"),
  ])
  func `What the schema does not allow is refused by its rule`(query: String, rule: String) throws {
    #expect(try self.rule(query) == rule)
  }

  @Test(arguments: [
    ("query($i: ID!) { node(id: $i) { id } }", #"{"i":"1"}"#, ""),
    ("query($i: ID!) { node(id: $i) { id } }", "{}", "variables"),
    ("query($i: ID!) { node(id: $i) { id } }", #"{"i":null}"#, "variables"),
    ("query($i: ID) { node(id: $i) { id } }", #"{"i":"1"}"#, "variables"),
    ("query($i: ID = 1) { node(id: $i) { id } }", "{}", ""),
    ("query($i: ID) { user(id: $j) { id } }", "{}", "variables"),
    ("query($i: ID, $j: ID) { user(id: $i) { id } }", "{}", "variables"),
    ("query($i: User) { user { id } }", "{}", "variables"),
    ("query($n: Int) { user(since: $n) { id } }", #"{"n":1.5}"#, "variables"),
    ("query($n: Int) { user(since: $n) { id } }", #"{"n":3000000000}"#, "variables"),
    ("query($f: Filter) { users(filter: $f) { id } }", #"{"f":{"age":1,"tags":["a"]}}"#, ""),
    ("query($f: Filter) { users(filter: $f) { id } }", #"{"f":{"age":1,"odd":1}}"#, "variables"),
    ("query($f: Filter) { users(filter: $f) { id } }", #"{"f":{"tags":[]}}"#, "variables"),
    ("query($c: Colour) { colour(of: $c) }", #"{"c":"BLUE"}"#, "variables"),
    ("query($c: Colour) { colour(of: $c) }", #"{"c":"RED","odd":1}"#, ""),
    ("query($t: [String]) { users(filter: { age: 1, tags: $t }) { id } }", "{}", "variables"),
    (
      "query($i: ID) { user { ...f } } fragment f on User { id @include(if: $i) }", "{}",
      "variables"
    ),
  ])
  func `Variables are held against their types`(
    query: String, variables: String, rule: String
  ) throws {
    #expect(try self.rule(query, variables: variables) == rule)
  }

  @Test(arguments: [
    "type A { a: Int }", "type Query { a: B }", "type Query { a(b: Query): Int }",
    "type Query { a: Int } type Query { b: Int }", "type Query { a: Int } union U = Int",
    "type Query implements I { a: Int }", "{ a }", "type Query { a: Int",
    "extend type Q { a: Int }",
  ])
  func `A schema that does not hold together is refused`(schema: String) {
    #expect(throws: GraphQLFault.self) { try GraphQLSchema(Array(schema.utf8)) }
  }

  @Test func `Names of the schema cannot be guessed where it may not be asked for`() throws {
    var check = GraphQLCheck()
    check.schema = try GraphQLSchema(Array(GraphQLSchemaTests.schema.utf8))
    let request = try GraphQLRequest(
      query: "{ user { nam } }", operationName: nil, variables: nil, check.limits)
    let fault = #expect(throws: GraphQLFault.self) { try check.check(request, isSafe: true) }
    #expect(fault?.found == "" && fault?.expected == "what the schema allows")
  }

  // Fields are compared pair by pair: the work must not grow with the square of a document.
  @Test func `A document that takes too long to compare is refused`() throws {
    var check = GraphQLCheck()
    check.schema = try GraphQLSchema(Array(GraphQLSchemaTests.schema.utf8))
    check.limits.tokensMax = 1_000_000
    check.limits.bytesMax = 1 << 24
    check.limits.fieldsMax = 100_000
    check.limits.rootFieldsMax = 10_000
    check.limits.complexityMax = 1 << 30
    let fields = (0..<2000).map { "user(id: \($0)) { id }" }.joined(separator: " ")
    let request = try GraphQLRequest(
      query: "{ \(fields) }", operationName: nil, variables: nil, check.limits)
    #expect(throws: GraphQLFault.self) { try check.check(request, isSafe: true) }
    let same = String(repeating: "user(id: 1) { id } ", count: 5000)
    let harmless = try GraphQLRequest(
      query: "{ \(same) }", operationName: nil, variables: nil, check.limits)
    try check.check(harmless, isSafe: true)
  }
}
