/// What answers say that other operations need: the edges of the graph of operations.
extension Scan {
  private static let valuesMax = 40

  /// Keeps the identifiers in an answer: a member `order_id` is an order's, and `id` is that of
  /// what the operation is about.
  func harvest(_ operation: Operation, _ identity: String, _ answer: Answer) {
    guard let json = answer.json else { return }
    let subject = Names.subject(of: operation.graphField.map(Scan.graphSubject) ?? operation.path)
    var left = 200
    for object in json.objects {
      for member in object.members {
        guard left > 0, let text = member.value.scalarText, !text.isEmpty, text.utf8.count <= 80
        else { continue }
        let plain = Names.plain(member.name)
        left -= 1
        keepLinked(text, identity)
        if ["id", "uuid", "guid", "objectid"].contains(plain) {
          keep(text, subject + "id", identity)
        } else if plain.hasSuffix("id") || plain.hasSuffix("uuid") || plain.hasSuffix("code")
          || plain.hasSuffix("slug") || plain.hasSuffix("key") || plain.hasSuffix("number")
          || plain.hasSuffix("title") || plain.hasSuffix("name") || plain.hasSuffix("email")
          || plain == "vin"
        {
          keep(text, plain, identity)
          keep(text, subject + plain, identity)
          // What a path calls a referral code is one, though its member is called `code`.
          if subject.hasSuffix(plain) { keep(text, subject, identity) }
        }
      }
    }
  }

  /// Keeps the identifiers in the query of a link: `…/report?report_id=7`.
  private func keepLinked(_ text: String, _ identity: String) {
    guard let mark = text.firstIndex(of: "?"), text.contains("/"), !text.contains(" ") else {
      return
    }
    for pair in text[text.index(after: mark)...].split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, Names.plain(parts[0]).hasSuffix("id") else { continue }
      keep(HARImport.decode(parts[1]), Names.plain(parts[0]), identity)
    }
  }

  private static func graphSubject(_ field: String) -> String {
    "/" + (field.split(separator: ".").last.map(String.init) ?? field)
  }

  private func keep(_ value: String, _ name: String, _ identity: String) {
    var values = pool[identity, default: [:]][name, default: []]
    guard !values.contains(value), values.count < Scan.valuesMax else { return }
    values.append(value)
    pool[identity, default: [:]][name] = values
  }

  /// A value that an answer to `identity` held for what is called `name`; for others' as well, if
  /// it may be anybody's.
  func harvested(_ name: String, collection: String = "", for identity: String?) -> String? {
    let plain = Names.plain(name)
    var keys = [plain]
    if !collection.isEmpty {
      let subject = Names.subject(of: collection)
      keys += plain == "id" ? [subject + "id"] : [subject + plain, subject + "id"]
    }
    let subject = Names.subject(ofParameter: name)
    keys += [subject + "id", subject + "uuid", subject + "name", subject + "title"]
    for key in keys {
      if let identity, let value = pool[identity]?[key]?.last { return value }
    }
    return nil
  }

  /// The same, from the answers to anybody: for what only reads.
  func harvestedByAnybody(_ name: String, collection: String, for identity: String?) -> String? {
    if let own = harvested(name, collection: collection, for: identity) { return own }
    for other in ["anonymous"] + identities.map(\.name) {
      if let value = harvested(name, collection: collection, for: other) { return value }
    }
    return nil
  }
}
