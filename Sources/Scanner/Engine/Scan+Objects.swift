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
  func creator(of collection: String) -> Operation? {
    if let direct = operation("POST", collection) { return direct }
    let words = ["create", "add", "new", "register", "store"]
    return operations.first { operation in
      operation.method == "POST" && operation.path.hasPrefix(collection + "/")
        && words.contains { operation.path == "\(collection)/\($0)" }
    } ?? operation("PUT", collection)
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
      if let own = ownValue(parameter, collection, of: owner) {
        values[parameter.name] = own
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
        continue
      }
      guard let value = await listed(collection, parameter, values, by: owner) else { return nil }
      values[parameter.name] = value
      known[key, default: [:]][parameter.name] = value
    }
    return (values, made)
  }

  static func filled(_ path: String, _ values: [String: String]) -> String {
    var path = path
    for (name, value) in values { path = path.replacing("{\(name)}", with: value) }
    return path
  }

  /// What stands for the owner itself, if the parameter means users.
  private func ownValue(
    _ parameter: Parameter, _ collection: String, of owner: String
  ) -> String? {
    let name = parameter.name.lowercased()
    let noun = collection.split(separator: "/").last.map { $0.lowercased() } ?? ""
    let people = ["user", "customer", "member", "profile", "employee", "person", "account"]
    let means = people.contains { name.contains($0) || noun.hasPrefix($0) }
    guard means, let own = selves[owner] else { return nil }
    // An API that makes accounts has bank accounts or the like, which are objects.
    if name.contains("account") || noun.hasPrefix("account"), creator(of: collection) != nil {
      return nil
    }
    let kinds =
      name.contains("mail") ? ["email"] : name.contains("name") ? ["name"] : ["id", "name"]
    for kind in kinds {
      let found = own[kind, default: []].sorted()
      if parameter.type == "integer" {
        if let number = found.first(where: { Int($0) != nil }) { return number }
      } else if let text = found.first {
        return text
      }
    }
    return nil
  }

  /// Makes an object of `owner`'s.
  func make(
    in collection: String, _ parameter: Parameter, _ parents: [String: String], by owner: String
  ) async -> MadeObject? {
    guard let creator = creator(of: collection), creator.body != nil || creator.method == "POST"
    else { return nil }
    let first = contents[creator.name]
    for style in first.map({ [$0] }) ?? ContentStyle.allCases {
      var markers: [String] = []
      var call = Call(creator, parents, as: owner)
      complete(&call, for: creator)
      call.body = content(of: creator, style, &markers)
      guard let answer = await send(call) else { return nil }
      note(creator, owner, answer)
      guard answer.isSuccess else { continue }
      contents[creator.name] = style
      var id = Scan.identifier(in: answer, parameter.name, collection, sent: call.body)
      if id == nil {
        id = await listed(collection, parameter, parents, by: owner, holding: markers)
      }
      guard let id else { return nil }
      var values = parents
      values[parameter.name] = id
      let object = MadeObject(
        operation: creator, collection: collection, values: values, owner: owner,
        markers: markers, answer: answer)
      made.append(object)
      learnOwner(owner, from: answer)
      return object
    }
    return nil
  }

  /// Takes from a collection's list an object, or the one that holds one of `markers`.
  private func listed(
    _ collection: String, _ parameter: Parameter, _ parents: [String: String], by owner: String,
    holding markers: [String] = []
  ) async -> String? {
    guard let lister = operation("GET", collection) else { return nil }
    var call = Call(lister, parents, as: owner)
    complete(&call, for: lister)
    guard let answer = await send(call) else { return nil }
    note(lister, owner, answer)
    guard answer.isSuccess, let json = answer.json else { return nil }
    for object in json.objects {
      let isList = object.members.contains { !$0.value.elements.isEmpty }
      if isList { continue }
      if !markers.isEmpty {
        let texts = object.leaves.compactMap(\.value.string)
        guard markers.contains(where: { marker in texts.contains { $0.contains(marker) } }) else {
          continue
        }
      }
      if let id = Scan.identifier(of: object, parameter.name, collection) { return id }
    }
    return nil
  }

  /// The identifier of what an answer says was made.
  static func identifier(
    in answer: Answer, _ name: String, _ collection: String, sent: JSONValue?
  ) -> String? {
    for object in answer.json?.objects ?? [] {
      if let id = identifier(of: object, name, collection) { return id }
    }
    if let location = answer.field("location"), let last = location.split(separator: "/").last {
      return String(last)
    }
    return sent.flatMap { $0[name]?.scalarText }
  }

  /// The member of an object that identifies it.
  static func identifier(of object: JSONValue, _ name: String, _ collection: String) -> String? {
    var noun = collection.split(separator: "/").last.map(String.init) ?? ""
    if noun.hasSuffix("s") { noun.removeLast() }
    let plain = name.lowercased().replacing("_", with: "").replacing("-", with: "")
    var wanted = [plain]
    for word in ["id", "uuid", "key", "slug", "number", "code", "title", "name", "username"] {
      if plain.hasSuffix(word) || word == "id" { wanted.append(word) }
    }
    wanted += [noun.lowercased() + "id", "uuid"]
    for candidate in wanted {
      for member in object.members {
        let text = member.name.lowercased().replacing("_", with: "").replacing("-", with: "")
        if text == candidate, let value = member.value.scalarText, !value.isEmpty { return value }
      }
    }
    return nil
  }

  /// Members that name the owner of a new object hold the identity's own id.
  private func learnOwner(_ owner: String, from answer: Answer) {
    guard let object = answer.json?.objects.first else { return }
    for member in object.members where Scan.isOwnerName(member.name) {
      guard let text = member.value.scalarText else { continue }
      selves[owner, default: [:]]["id", default: []].insert(text)
    }
  }

  /// Whether a member's name says that it holds whose something is.
  static func isOwnerName(_ name: String) -> Bool {
    let plain = name.lowercased().replacing("_", with: "")
    return [
      "owner", "ownerid", "userid", "accountid", "createdby", "customerid", "authorid", "memberid",
      "tenantid", "orgid", "organizationid", "creatorid",
    ].contains(plain)
  }

  /// The operation that reads the object which an operation works on.
  func reader(for operation: Operation) -> Operation? {
    operation.objectPath.flatMap { self.operation("GET", $0) }
  }

  /// Reads an object by its owner; nil if nothing reads it.
  func read(
    _ operation: Operation, _ values: [String: String], as identity: String
  ) async -> (call: Call, answer: Answer)? {
    guard let reader = reader(for: operation) else { return nil }
    var call = Call(reader, values, as: identity)
    complete(&call, for: reader)
    guard let answer = await send(call) else { return nil }
    note(reader, identity, answer)
    return (call, answer)
  }
}
