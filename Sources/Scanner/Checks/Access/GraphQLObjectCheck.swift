/// Whether one user reads by GraphQL what another made (API1): a mutation makes it, a field of the
/// query type with its identifier shows it.
struct GraphQLObjectCheck: OperationCheck {
  static let name = "graphql-object"

  func applies(to operation: Operation, in scan: isolated Scan) -> Bool {
    operation.graphField?.hasPrefix("Query.") == true && scan.users.count >= 2
      && identifier(of: operation) != nil && scan.wants(.objectRead, at: operation)
  }

  private func identifier(of operation: Operation) -> String? {
    operation.bodyMembers.map(\.name).first {
      let plain = Names.plain($0)
      return plain.hasSuffix("id") || plain == "uuid"
    }
  }

  /// The mutation that makes what a field shows.
  private func maker(_ operation: Operation, in scan: isolated Scan) -> Operation? {
    let field = operation.graphField?.split(separator: ".").last.map(String.init) ?? ""
    let subject = Names.singular(Names.plain(field))
    return scan.operations.first { other in
      guard let name = other.graphField, name.hasPrefix("Mutation."), !other.isDangerous else {
        return false
      }
      let plain = Names.plain(String(name.dropFirst(9)))
      return ["create", "add", "new", "make"].contains { plain == $0 + subject }
    }
  }

  func examine(_ operation: Operation, in scan: isolated Scan) async {
    guard let argument = identifier(of: operation), let maker = maker(operation, in: scan) else {
      return
    }
    let who = scan.users.prefix(2).map(\.name)
    var steps: [FindingStep] = []
    for (owner, intruder) in [(who[0], who[1]), (who[1], who[0])] {
      var markers: [String] = []
      var making = Call(maker, [:], as: owner)
      making.body = await scan.usualContent(of: maker, &markers, for: owner)
      guard let made = await scan.send(making), made.isSuccess else { return }
      scan.note(maker, owner, made)
      guard let id = made.json?.leaves.first(where: { Names.plain($0.name) == "id" })?.value else {
        return
      }
      var call = Call(operation, [:], as: owner)
      call.body = .object([JSONMember(argument, id)])
      guard let own = await scan.send(call),
        let evidence = markers.first(where: { own.text.contains($0) }),
        let foreign = await scan.send(call.by(intruder)), foreign.text.contains(evidence),
        let nobody = await scan.send(call.by(nil)), !nobody.text.contains(evidence)
      else { return }
      steps += [
        FindingStep("the owner makes it", making, made), FindingStep("and reads it", call, own),
        FindingStep("somebody else reads it too", call.by(intruder), foreign),
        FindingStep("nobody without a credential does", call.by(nil), nobody),
      ]
    }
    scan.report(
      .objectRead, operation, argument,
      "\(who[1]) reads what is \(who[0])'s, and the other way round", steps)
  }
}
