import Formats

/// `gatehouse export`: consumers, roles and groups of a running gateway's store, as one document.
struct ExportCommand: Subcommand {
  static let name = "export"
  static let summary = "prints consumers, roles and groups of a running gateway, without secrets"
  static let options = AdminConnection.options
  static let details = """
      It prints JSON, which is YAML as well, and which 'gatehouse apply' takes. Keys are not in
      it: for those there is 'gatehouse backup'.
    """

  private let arguments: Arguments

  init(_ arguments: Arguments) { self.arguments = arguments }

  func run(in surroundings: Surroundings) -> Int32 {
    AdminSession.run(arguments, in: surroundings) { session throws(AdminConnection.Failure) in
      let document = try session.connection.send("GET", "/v1/export").body
      surroundings.print("{\n")
      for (place, list) in document.members.enumerated() {
        surroundings.print("  \"\(list.name)\": [")
        for (number, item) in list.value.elements.enumerated() {
          surroundings.print((number == 0 ? "\n    " : ",\n    ") + item.serialized)
        }
        surroundings.print(place == document.members.count - 1 ? "\n  ]\n" : "\n  ],\n")
      }
      surroundings.print("}\n")
    }
  }
}
