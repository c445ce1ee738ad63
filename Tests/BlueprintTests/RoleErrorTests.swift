import Testing

@testable import Blueprint

@Suite struct RoleErrorTests {
  private static let start = """
    listeners: [{ bind: 127.0.0.1:8080 }]
    services:
      - name: shop
        upstreams: [http://127.0.0.1:3000]
        public: true
        routes: [{ name: orders, paths: [/orders] }]
    consumers: [{ name: app }]

    """

  private func report(_ more: String) -> String {
    complaints(RoleErrorTests.start + more).joined(separator: "\n")
  }

  @Test func `Roles are read with what they permit and inherit`() throws {
    let (found, _) = read(
      RoleErrorTests.start + """
        roles:
          reader: { permissions: [{ services: [shop], methods: [GET] }] }
          editor: { inherits: [reader], permissions: [{ routes: [orders] }] }
        assignments:
          - { roles: [editor], consumers: [app], claims: { level: [1, 2] } }
        """)
    let blueprint = try #require(found)
    #expect(blueprint.roles.map(\.name) == ["reader", "editor"])
    #expect(blueprint.roles[1].inherited == ["reader"])
    #expect(blueprint.roles[0].permissions[0].methods == ["GET"])
    #expect(blueprint.assignments[0].claims[0].values == ["1", "2"])
  }

  @Test(arguments: [
    (
      "roles: { a: { inherits: [b] }, b: { inherits: [c] }, c: { inherits: [a] } }",
      "inherits from itself"
    ),
    ("roles: { a: { inherits: [a] } }", "the role 'a' inherits from itself"),
    ("roles: { a: { inherits: [bb] }, b: {} }", "did you mean 'b'?"),
    ("roles: { a: { permissions: [{}] } }", "this permits nothing in particular"),
    ("roles: { a: { permissions: [{ services: [shp] }] } }", "did you mean 'shop'?"),
    ("roles: { a: { permissions: [{ routes: [order] }] } }", "did you mean 'orders'?"),
    ("roles: { a: { permissions: [{ methods: [get] }] } }", "a method such as GET"),
    ("roles: { a: { permission: [] } }", "unknown key"), ("roles: [a]", "'roles' is no mapping"),
    ("roles: { 'a b': {} }", "a role cannot be called that"),
    ("roles: { a: {} }\nassignments: [{ roles: [a] }]", "assigns roles to everybody"),
    ("roles: { a: {} }\nassignments: [{ groups: [g] }]", "'roles' is missing"),
    ("roles: { a: {} }\nassignments: [{ roles: [a], consumers: [ap] }]", "did you mean 'app'?"),
    ("roles: { a: {} }\nassignments: [{ roles: [a], claims: [x] }]", "'claims' is no mapping"),
  ])
  func `Roles that nobody could mean are reported with their place`(yaml: String, wanted: String) {
    let report = report(yaml)
    #expect(report.contains(wanted), "\(report)")
    #expect(report.first?.isNumber == true, "\(report)")
  }
}
