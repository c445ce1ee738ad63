/// Fields of one name in the answer must be the same field, or never both there (§5.3.2).
extension GraphQLValidator {
  /// A field with the type that it is selected of.
  private struct Selected {
    var parent: String
    var field: GraphQLDocument.Field
    var children: [Int]
    var type: GraphQLDocument.TypeReference?
    var offset: Int
  }

  /// Checks a set of selections and all below it; the work is bounded.
  mutating func checkMerging(_ places: [Int], _ type: String) throws(GraphQLFault) {
    try checkMerging([(places, type)], isExclusive: false)
  }

  /// `isExclusive` is whether the sets stand below fields of which only one can be there, so that
  /// just the shapes of their answers count.
  private mutating func checkMerging(
    _ sets: [(places: [Int], type: String)], isExclusive: Bool
  ) throws(GraphQLFault) {
    var byKey: [String: [Selected]] = [:]
    var order: [String] = []
    var seen: Set<String> = []
    for set in sets { try collect(set.places, set.type, &byKey, &order, &seen) }
    for key in order {
      guard let fields = byKey[key] else { continue }
      try compare(fields, key, isExclusive)
      // Those that can be there together are looked into together, by the types of their parents.
      let below = fields.filter { !$0.children.isEmpty }
      if below.isEmpty { continue }
      let parents = Set(below.map(\.parent).filter { schema.types[$0]?.kind == .object })
      try checkMerging(
        GraphQLValidator.sets(below), isExclusive: isExclusive || parents.count > 1)
      guard !isExclusive, parents.count > 1 else { continue }
      for parent in parents.sorted() {
        let together = below.filter {
          $0.parent == parent || schema.types[$0.parent]?.kind != .object
        }
        try checkMerging(GraphQLValidator.sets(together), isExclusive: false)
      }
    }
  }

  private static func sets(_ fields: [Selected]) -> [(places: [Int], type: String)] {
    fields.compactMap { field in field.type.map { (field.children, $0.name) } }
  }

  private mutating func step(_ offset: Int) throws(GraphQLFault) {
    stepsLeft -= 1
    guard stepsLeft > 0 else {
      throw fault("limits", "a document that is checked in fewer steps", "more", offset)
    }
  }

  private mutating func collect(
    _ places: [Int], _ type: String, _ byKey: inout [String: [Selected]],
    _ order: inout [String], _ seen: inout Set<String>
  ) throws(GraphQLFault) {
    for place in places {
      let selection = document.selections[place]
      try step(selection.offset)
      switch selection.content {
      case .field(let field):
        let key = field.alias ?? field.name
        if byKey[key] == nil { order.append(key) }
        byKey[key, default: []].append(
          Selected(
            parent: type, field: field, children: selection.children,
            type: schema.field(field.name, of: type)?.type, offset: selection.offset))
      case .inline(let condition):
        try collect(selection.children, condition ?? type, &byKey, &order, &seen)
      case .spread(let name):
        guard seen.insert(name).inserted, let fragment = document.fragments[name] else { continue }
        try collect(fragment.selections, fragment.type, &byKey, &order, &seen)
      }
    }
  }

  /// Whether both fields can be in one answer.
  private func mayMeet(_ left: Selected, _ right: Selected) -> Bool {
    left.parent == right.parent || schema.types[left.parent]?.kind != .object
      || schema.types[right.parent]?.kind != .object
  }

  private mutating func compare(
    _ fields: [Selected], _ key: String, _ isExclusive: Bool
  ) throws(GraphQLFault) {
    // The same field again is compared with nothing.
    var different: [Selected] = []
    for right in fields {
      var isKnown = false
      for left in different where !isKnown {
        try step(right.offset)
        isKnown =
          left.parent == right.parent && left.field.name == right.field.name
          && GraphQLDocument.areEqual(left.field.arguments, right.field.arguments)
        if isKnown { continue }
        if !isExclusive, mayMeet(left, right) {
          guard left.field.name == right.field.name,
            GraphQLDocument.areEqual(left.field.arguments, right.field.arguments)
          else {
            throw fault("fields", "one field for each name in the answer", key, right.offset)
          }
        }
        guard haveOneShape(left.type, right.type) else {
          throw fault("fields", "one type for each name in the answer", key, right.offset)
        }
      }
      if !isKnown { different.append(right) }
    }
  }

  /// Whether answers of both types look alike (§5.3.2, SameResponseShape).
  private func haveOneShape(
    _ left: GraphQLDocument.TypeReference?, _ right: GraphQLDocument.TypeReference?
  ) -> Bool {
    guard let left, let right else { return true }
    guard left.levels == right.levels else { return false }
    if schema.isComposite(left.name), schema.isComposite(right.name) { return true }
    return left.name == right.name
  }
}

extension GraphQLDocument {
  /// Whether two lists of arguments say the same, in whatever order.
  static func areEqual(_ left: [Argument], _ right: [Argument]) -> Bool {
    left.count == right.count
      && left.allSatisfy { argument in
        right.contains { $0.name == argument.name && $0.value == argument.value }
      }
  }
}
