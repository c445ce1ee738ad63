/// Which operation makes, lists and reads what another one needs.
extension Scan {
  func operation(_ method: String, _ path: String) -> Operation? {
    operations.first { $0.method == method && $0.path == path }
  }

  /// The collection that a path's parameter is of: the path before it.
  static func collection(of name: String, in path: String) -> String {
    guard let place = path.firstRange(of: "{\(name)}") else { return path }
    var text = path[..<place.lowerBound]
    while text.hasSuffix("/") { text = text.dropLast() }
    return String(text)
  }

  /// The operation that makes objects of the collection.
  func creator(of collection: String, _ parameter: Parameter? = nil) -> Operation? {
    if let direct = operation("POST", collection) { return direct }
    let words = ["create", "add", "new", "register", "store", "save"]
    let below = operations.first { operation in
      ["POST", "PUT"].contains(operation.method) && operation.path.hasPrefix(collection + "/")
        && words.contains { operation.path == "\(collection)/\($0)" }
    }
    if let below = below ?? operation("PUT", collection) { return below }
    // Elsewhere in the API: what is made there is called as what is wanted here.
    var subjects = [Names.subject(of: collection)]
    if let parameter { subjects.append(Names.subject(ofParameter: parameter.name)) }
    for method in ["POST", "PUT"] {
      let found = operations.first { operation in
        guard operation.method == method, operation.graphField == nil,
          !operation.path.hasSuffix("}"), !isLogin(operation), !operation.isDangerous,
          operation.pathParameters.allSatisfy({ collection.contains("{\($0.name)}") })
        else { return false }
        let last = operation.segments.last?.lowercased() ?? ""
        let made = Names.subject(of: operation.path)
        guard subjects.contains(made), !made.isEmpty else { return false }
        if words.contains(where: { last.contains($0) }) { return true }
        return operation.body != nil && Names.singular(Names.plain(last)) == made
      }
      if let found { return found }
    }
    return nil
  }

  /// The operation that shows the collection.
  func lister(of collection: String) -> Operation? {
    if let direct = operation("GET", collection) { return direct }
    for word in ["all", "list", "mine", "my"] {
      if let below = operation("GET", "\(collection)/\(word)") { return below }
    }
    let subject = Names.subject(of: collection)
    return operations.first { operation in
      operation.method == "GET" && operation.graphField == nil && !operation.isDangerous
        && operation.pathParameters.allSatisfy { collection.contains("{\($0.name)}") }
        && !operation.isItem && Names.subject(of: operation.path) == subject && !subject.isEmpty
        && !isSelf(operation)
    }
  }

  /// The values of all path parameters of an operation, for an object of `owner`'s.
  ///
  /// With `fresh`, the last one is of an object made just now, where the API can make one.
  func values(
    for operation: Operation, of owner: String, fresh: Bool = false
  ) async -> (values: [String: String], made: MadeObject?)? {
    var values: [String: String] = [:]
    var made: MadeObject?
    let parameters = operation.pathParameters
    for (place, parameter) in parameters.enumerated() {
      let collection = Scan.collection(of: parameter.name, in: operation.path)
      let isLast = place == parameters.count - 1
      if let given = settings.given.value(parameter.name, at: operation.place)?.scalarText {
        values[parameter.name] = given
        note(parameter, of: operation, "given")
        continue
      }
      if let own = ownValue(parameter, collection, of: owner) {
        values[parameter.name] = own
        note(parameter, of: operation, "who calls")
        continue
      }
      let key = "\(owner) \(Scan.filled(collection, values))"
      if !(fresh && isLast), let value = known[key]?[parameter.name] {
        values[parameter.name] = value
        continue
      }
      if let object = await make(in: collection, parameter, values, by: owner) {
        values[parameter.name] = object.values[parameter.name]
        known[key, default: [:]][parameter.name] = object.values[parameter.name]
        if isLast { made = object }
        note(parameter, of: operation, object.operation.place)
        continue
      }
      let listed = await listed(collection, parameter, values, by: owner)
      guard
        let value = listed ?? harvested(parameter.name, collection: collection, for: owner)
          ?? guess(parameter, for: operation)
      else { return nil }
      values[parameter.name] = value
      known[key, default: [:]][parameter.name] = value
      note(
        parameter, of: operation,
        listed == nil ? "an answer or a guess" : lister(of: collection)?.place ?? "a list")
    }
    return (values, made)
  }

  /// Keeps where a value came from, for whoever reads the report.
  private func note(_ parameter: Parameter, of operation: Operation, _ origin: String) {
    if origins[operation.name]?[parameter.name] == nil || origin.contains("/") {
      origins[operation.name, default: [:]][parameter.name] = origin
    }
  }

  /// What the description suggests for a parameter, or what nearly every API has.
  private func guess(_ parameter: Parameter, for operation: Operation) -> String? {
    let schema = parameter.schema
    if let given = schema["example"] ?? schema["enum"]?.elements.first ?? schema["default"],
      let text = given.scalarText
    {
      return text
    }
    if parameter.type == "integer" { return "1" }
    // A text that identifies nothing is a value like any other.
    return parameter.name.lowercased().contains("id") ? nil : value(of: parameter)
  }

  static func filled(_ path: String, _ values: [String: String]) -> String {
    var path = path
    for (name, value) in values { path = path.replacing("{\(name)}", with: value) }
    return path
  }

  private static let people: Set<String> = [
    "user", "customer", "member", "profile", "employee", "person", "account", "username", "client",
    "patient", "student",
  ]

  /// Whether a parameter means people.
  func meansPeople(_ parameter: Parameter, _ collection: String) -> Bool {
    let noun = Names.subject(of: collection)
    let own = Names.subject(ofParameter: parameter.name)
    let plain = Names.plain(parameter.name)
    if ["username", "email", "userid"].contains(plain) { return true }
    return Scan.people.contains(noun) || (Scan.people.contains(own) && plain != "name")
  }

  /// What stands for the owner itself, if the parameter means users.
  func ownValue(_ parameter: Parameter, _ collection: String, of owner: String) -> String? {
    guard meansPeople(parameter, collection), selves[owner] != nil else { return nil }
    let name = parameter.name.lowercased()
    let noun = Names.subject(of: collection)
    // An API that makes accounts has bank accounts or the like, which are objects.
    if name.contains("account") || noun == "account", creator(of: collection) != nil { return nil }
    let kinds =
      name.contains("mail")
      ? ["email"]
      : name.contains("phone") || name.contains("number")
        ? ["phone", "id"]
        : name.contains("name") || name == "login" ? ["name", "email"] : ["id", "name"]
    for kind in kinds {
      let found = facts(of: owner, kind)
      if parameter.type == "integer" {
        if let number = found.first(where: { Int($0) != nil }) { return number }
      } else if let text = found.first(where: { Int($0) == nil || kind != "id" }) ?? found.first {
        if kind == "id", let number = found.first(where: { Int($0) != nil }) { return number }
        return text
      }
    }
    return nil
  }

  /// Makes an object of `owner`'s.
  func make(
    in collection: String, _ parameter: Parameter, _ parents: [String: String], by owner: String
  ) async -> MadeObject? {
    guard let creator = creator(of: collection, parameter), isAllowed(creator),
      creator.body != nil || creator.method == "POST",
      !refusedCreators.contains(creator.name + owner)
    else { return nil }
    let first = contents[creator.name]
    for style in first.map({ [$0] }) ?? ContentStyle.allCases {
      var markers: [String] = []
      var call = Call(creator, parents, as: owner)
      complete(&call, for: creator)
      call.body = await content(of: creator, style, &markers, for: owner)
      guard let answer = await send(call) else { return nil }
      note(creator, owner, answer)
      if [401, 403].contains(answer.status) { break }
      guard answer.isSuccess else { continue }
      contents[creator.name] = style
      var id = Scan.identifier(in: answer, parameter.name, collection, parameter)
      if id == nil {
        id = await listed(collection, parameter, parents, by: owner, holding: markers)
      }
      id = id ?? Scan.sentIdentifier(parameter.name, collection, call.body)
      guard let id else { return nil }
      var values = parents
      values[parameter.name] = id
      let object = MadeObject(
        operation: creator, collection: collection, values: values, owner: owner,
        markers: markers, sent: call.body, answer: answer)
      made.append(object)
      learnOwner(owner, from: answer)
      return object
    }
    refusedCreators.insert(creator.name + owner)
    return nil
  }

  /// Whether the scan may call an operation of its own accord.
  func isAllowed(_ operation: Operation) -> Bool {
    settings.isDangerous || !operation.isDangerous
  }

  /// Takes from a collection's list an object, or the one that holds one of `markers`.
  private func listed(
    _ collection: String, _ parameter: Parameter, _ parents: [String: String], by owner: String,
    holding markers: [String] = []
  ) async -> String? {
    guard let lister = lister(of: collection), isAllowed(lister) else { return nil }
    var call = Call(lister, parents, as: owner)
    complete(&call, for: lister)
    guard let answer = await send(call) else { return nil }
    note(lister, owner, answer)
    guard answer.isSuccess, let json = answer.json else { return nil }
    for object in json.objects {
      let isList = object.members.contains { !$0.value.elements.isEmpty }
      if isList, markers.isEmpty { continue }
      if !markers.isEmpty {
        let texts = object.members.compactMap(\.value.string)
        guard markers.contains(where: { marker in texts.contains { $0.contains(marker) } }) else {
          continue
        }
      }
      if let id = Scan.identifier(of: object, parameter.name, collection, parameter) {
        return id
      }
    }
    return nil
  }

  /// The identifier of what an answer says was made.
  static func identifier(
    in answer: Answer, _ name: String, _ collection: String, _ parameter: Parameter? = nil
  ) -> String? {
    for object in answer.json?.objects ?? [] {
      if let id = identifier(of: object, name, collection, parameter) { return id }
    }
    if let location = answer.field("location"),
      let last = location.split(separator: "?").first?.split(separator: "/").last
    {
      return String(last)
    }
    return nil
  }

  /// The member of a content that identifies what it makes: `title` or `book_title` for `book`.
  static func sentIdentifier(_ name: String, _ collection: String, _ sent: JSONValue?) -> String? {
    guard let sent else { return nil }
    if let exact = sent[name]?.scalarText { return exact }
    let plain = Names.plain(name)
    let subject = Names.subject(of: collection)
    for member in sent.members {
      let other = Names.plain(member.name)
      guard let text = member.value.scalarText else { continue }
      if other == plain || other == subject + plain || other == plain + "title"
        || other == plain + "name" || other == subject + "title" || other == subject + "name"
        || other == "title" || other == "name" || other == "slug" || other == plain + "id"
      {
        return text
      }
    }
    return nil
  }

  /// The member of an object that identifies it.
  static func identifier(
    of object: JSONValue, _ name: String, _ collection: String, _ parameter: Parameter? = nil
  ) -> String? {
    let noun = Names.subject(of: collection)
    let plain = Names.plain(name)
    var wanted = [plain]
    for word in [
      "id", "uuid", "guid", "key", "slug", "number", "no", "code", "title", "name", "username",
      "email",
    ] where plain.hasSuffix(word) || word == "id" {
      wanted.append(word)
    }
    wanted += [noun + "id", "uuid", "_id"].map(Names.plain)
    if !plain.hasSuffix("id") {
      wanted += [plain + "title", plain + "name", plain + "id", noun + "title", noun + "name"]
    }
    // An example that is no number says that the number of a thing is not what names it.
    let example = parameter?.schema["example"]?.scalarText
    let isWord = example.map { !$0.isEmpty && Int($0) == nil } ?? false
    if isWord { wanted.append(noun) }
    for candidate in wanted {
      for member in object.members where Names.plain(member.name) == candidate {
        guard let value = member.value.scalarText, !value.isEmpty else { continue }
        if !isWord || Int(value) == nil { return value }
      }
    }
    return nil
  }

  /// Members that name the owner of a new object hold the identity's own id.
  private func learnOwner(_ owner: String, from answer: Answer) {
    guard let object = answer.json?.objects.first else { return }
    for member in object.members where Names.isOwner(member.name) {
      guard let text = member.value.scalarText else { continue }
      let kind = Int(text) != nil || text.utf8.count > 20 ? "id" : "name"
      selves[owner, default: [:]][kind, default: []].insert(text)
    }
  }

  /// The operation that reads the object which an operation works on.
  func reader(for operation: Operation) -> Operation? {
    guard let path = operation.objectPath else { return nil }
    if let direct = self.operation("GET", path) { return direct }
    // Another way to the same object, whatever its parameter is called there.
    let shape = Scan.shape(path)
    return operations.first { $0.method == "GET" && Scan.shape($0.path) == shape }
  }

  private static func shape(_ path: String) -> String {
    path.split(separator: "/").map { $0.hasPrefix("{") ? "{}" : String($0) }
      .joined(separator: "/")
  }

  /// Reads an object by its owner; nil if nothing reads it. Where no operation reads one object,
  /// the list of all that are the owner's does.
  func read(
    _ operation: Operation, _ values: [String: String], as identity: String
  ) async -> (call: Call, answer: Answer)? {
    var found = reader(for: operation)
    if found == nil, let last = Operation.names(in: operation.objectPath ?? "").last {
      found = lister(of: Scan.collection(of: last, in: operation.path))
    }
    guard let reader = found, isAllowed(reader) else { return nil }
    var own = values
    let (theirs, ours) = (Operation.names(in: reader.path), Operation.names(in: operation.path))
    for (name, other) in zip(theirs, ours) where own[name] == nil { own[name] = values[other] }
    var call = Call(reader, own, as: identity)
    complete(&call, for: reader)
    guard let answer = await send(call) else { return nil }
    note(reader, identity, answer)
    return (call, answer)
  }
}
