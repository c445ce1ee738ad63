/// Whether answers are what the description says: their status is named, and their members have
/// the types that it gives them; notes, no findings.
struct ConformanceCheck: OperationCheck {
  static let name = "conformance"
  static let isQuick = false

  func applies(to operation: Operation, in scan: isolated Scan) -> Bool {
    !operation.answers.isEmpty && scan.wants(.conformance, at: operation)
      && scan.settings.only == nil
  }

  func examine(_ operation: Operation, in scan: isolated Scan) async {
    for (who, answer) in (scan.baselines[operation.name] ?? [:]).sorted(by: { $0.key < $1.key }) {
      let status = String(answer.status)
      let named =
        operation.answers[status] ?? operation.answers["\(status.prefix(1))XX"]
        ?? operation.answers["default"]
      let call = Call(operation, [:], as: who == "anonymous" ? nil : who)
      guard let named else {
        return scan.report(
          .conformance, operation, nil, "status \(status) is not described",
          [FindingStep("the answer", call, answer)])
      }
      guard let json = answer.json, let fault = Shape.fault(json, named, "", depth: 0) else {
        continue
      }
      return scan.report(
        .conformance, operation, nil, fault, [FindingStep("the answer", call, answer)])
    }
  }
}

/// The types of a value against those of its schema.
enum Shape {
  /// The first place where a value is not of the type that its schema says; nil if there is none.
  static func fault(
    _ value: JSONValue, _ schema: JSONValue, _ path: String, depth: Int
  ) -> String? {
    guard depth < 6 else { return nil }
    let place = path.isEmpty ? "the answer" : path
    if let type = schema["type"]?.string, !isOf(type, value),
      !(value == .null && schema["nullable"]?.isTrue == true)
    {
      return "\(place) is not of the type \(type)"
    }
    for name in schema["required"]?.elements.compactMap(\.string) ?? [] {
      if case .object = value, value[name] == nil { return "\(place) lacks '\(name)'" }
    }
    for property in schema["properties"]?.members ?? [] {
      guard let member = value[property.name] else { continue }
      if let fault = fault(member, property.value, path + "/" + property.name, depth: depth + 1) {
        return fault
      }
    }
    if let items = schema["items"], let first = value.elements.first {
      return fault(first, items, path + "/0", depth: depth + 1)
    }
    return nil
  }

  private static func isOf(_ type: String, _ value: JSONValue) -> Bool {
    switch (type, value) {
    case ("object", .object), ("array", .array), ("string", .string), ("boolean", .boolean),
      ("integer", .integer), ("number", .integer), ("number", .number), ("null", .null):
      true
    case ("object", _), ("array", _), ("string", _), ("boolean", _), ("integer", _),
      ("number", _), ("null", _):
      false
    default: true
    }
  }
}
