/// Whether input becomes code somewhere (API7, API8): two independent probes and a control each.
extension Scan {
  /// Probes every text of an operation's input.
  func checkInjection(_ operation: Operation, _ listener: CallbackProbe?) async {
    guard !isLogin(operation), let user = users.first?.name ?? administrator?.name,
      let (values, _) = await values(for: operation, of: user)
    else { return }
    var call = Call(operation, values, as: user)
    complete(&call, for: operation)
    if operation.body != nil {
      var markers: [String] = []
      call.body = content(of: operation, contents[operation.name] ?? .marked, &markers)
    }
    guard let base = await send(call) else { return }
    note(operation, user, base)
    let isItemWrite = operation.isItem && !operation.isRead
    for parameter in operation.queryParameters {
      let point = InjectionPoint(operation, call, .query, parameter.name)
      if parameter.isText { await probe(point, base, listener) }
      if !parameter.isText, parameter.type != "boolean" { await probeError(point, base) }
    }
    if operation.isRead, operation.isItem, let last = operation.pathParameters.last {
      await probeIdentifier(operation, call, values, last.name, base)
    }
    guard !isItemWrite, base.isSuccess || base.status < 500 else { return }
    for member in operation.bodyMembers {
      let type = member.value["type"]?.string ?? "string"
      guard type == "string", member.value["enum"] == nil else { continue }
      let point = InjectionPoint(operation, call, .member, member.name)
      let makes = Scan.isCreation(operation, self)
      if makes { await probeQuote(point, base) } else { await probe(point, base, listener) }
      if makes { await probeForgery(point, listener) }
    }
  }

  /// Whether an operation makes an object that stays.
  private static func isCreation(_ operation: Operation, _ scan: isolated Scan) -> Bool {
    scan.operations.contains { $0.method != "POST" && $0.path.hasPrefix(operation.path + "/{") }
  }

  private func probe(
    _ point: InjectionPoint, _ base: Answer, _ listener: CallbackProbe?
  ) async {
    guard point.operation.isRead else {
      await probeForgery(point, listener)
      await probeTemplate(point, base)
      await probeFile(point, base)
      await probeCommand(point, base)
      await probeQuery(point)
      return await probeError(point, base)
    }
    // What only reads can be asked several things at once.
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.probeForgery(point, listener) }
      group.addTask { await self.probeTemplate(point, base) }
      group.addTask { await self.probeFile(point, base) }
      group.addTask { await self.probeCommand(point, base) }
      group.addTask { await self.probeDelay(point) }
      group.addTask { await self.probeQuery(point) }
      group.addTask { await self.probeMarkup(point, base) }
    }
    await probeError(point, base)
  }

  // MARK: Database

  /// A search: a condition that is always true brings more than one that is never.
  private func probeQuery(_ point: InjectionPoint) async {
    guard wants(.sqlInjection, at: point.place), point.operation.isRead else {
      return await probeQuote(point, nil)
    }
    let stem = "ghqz"
    let control = point.with(stem)
    guard let nothing = await send(control), let still = await send(control) else { return }
    let empty = nothing.shape(without: [stem])
    guard empty == still.shape(without: [stem]) else { return }
    for (open, close) in [("'", " -- "), ("')", " -- "), ("\"", " -- "), ("", "")] {
      let head = open.isEmpty ? "0" : stem + open
      let truth = { (number: Int) in "\(head) or \(number)=\(number)\(close)" }
      let lie = { (number: Int) in "\(head) or \(number)=\(number + 1)\(close)" }
      guard let all = await send(point.with(truth(7))), all.isSuccess else { continue }
      let full = all.shape(without: [truth(7)])
      if full == empty { continue }
      guard let none = await send(point.with(lie(7))), let more = await send(point.with(truth(41))),
        let less = await send(point.with(lie(41)))
      else { return }
      guard more.shape(without: [truth(41)]) == full,
        none.shape(without: [lie(7)]) == less.shape(without: [lie(41)]),
        none.shape(without: [lie(7)]) != full
      else { continue }
      return report(
        .sqlInjection, point.place, point.name,
        "what is always true brings other results than what is never true",
        [
          FindingStep("control", control, nothing),
          FindingStep("always true", point.with(truth(7)), all),
          FindingStep("never true", point.with(lie(7)), none),
          FindingStep("always true, with another number", point.with(truth(41)), more),
        ])
    }
    await probeQuote(point, nothing)
  }

  /// A lookup by identifier: the object comes with a true condition behind it, and not with a
  /// false one.
  private func probeIdentifier(
    _ operation: Operation, _ call: Call, _ values: [String: String], _ name: String, _ base: Answer
  ) async {
    guard wants(.sqlInjection, at: operation.name), base.isSuccess, let value = values[name] else {
      return
    }
    func with(_ text: String) -> Call {
      var changed = values
      changed[name] = text
      var other = Call(operation, changed, as: call.identity)
      other.query = call.query
      other.fields = call.fields
      return other
    }
    let plain = base.shape(without: [value])
    for (open, end) in [("' and '", "'='"), ("\" and \"", "\"=\""), (" and ", "=")] {
      let truth = { (number: Int) in "\(value)\(open)\(number)\(end)\(number)" }
      let lie = { (number: Int) in "\(value)\(open)\(number)\(end)\(number + 1)" }
      guard let all = await send(with(truth(7))), all.isSuccess,
        all.shape(without: [truth(7), value]) == plain,
        let none = await send(with(lie(7))), none.shape(without: [lie(7), value]) != plain,
        let more = await send(with(truth(41))), more.shape(without: [truth(41), value]) == plain,
        let less = await send(with(lie(41))), less.shape(without: [lie(41), value]) != plain
      else { continue }
      return report(
        .sqlInjection, operation.name, name,
        "the object comes with a true condition behind its identifier, and not with a false one",
        [
          FindingStep("control", call, base),
          FindingStep("true condition", with(truth(7)), all),
          FindingStep("false condition", with(lie(7)), none),
        ])
    }
    guard let broken = await send(with(value + "'")), Signs.isDatabaseError(broken.text),
      !Signs.isDatabaseError(base.text), let mended = await send(with(value + "''")),
      !Signs.isDatabaseError(mended.text), let again = await send(with(value + "'")),
      Signs.isDatabaseError(again.text)
    else { return }
    report(
      .sqlInjection, operation.name, name, "a quote breaks the query, and two do not",
      [
        FindingStep("one quote", with(value + "'"), broken),
        FindingStep("two quotes", with(value + "''"), mended),
      ])
  }

  /// A single quote brings an error of a database, and two do not.
  private func probeQuote(_ point: InjectionPoint, _ control: Answer?) async {
    guard wants(.sqlInjection, at: point.place), !has(.sqlInjection, at: point.place) else {
      return
    }
    let (one, two) = (point.with("gh'"), point.with("gh''"))
    guard let broken = await send(one), Signs.isDatabaseError(broken.text),
      let mended = await send(two), !Signs.isDatabaseError(mended.text),
      let again = await send(one), Signs.isDatabaseError(again.text)
    else { return }
    report(
      .sqlInjection, point.place, point.name, "a quote breaks the query, and two do not",
      [FindingStep("one quote", one, broken), FindingStep("two quotes", two, mended)])
  }

  // MARK: Shell

  private func probeCommand(_ point: InjectionPoint, _ base: Answer) async {
    guard wants(.commandInjection, at: point.place) else { return }
    let stem = point.current.isEmpty ? "a" : point.current
    for form in [";expr @", "|expr @", "$(expr @)", "\nexpr @", "&&expr @", "';expr @;'"] {
      func payload(_ left: Int, _ right: Int) -> String {
        stem + form.replacing("@", with: "\(left) + \(right)")
      }
      let first = point.with(payload(48_271, 16_983))
      guard let one = await send(first) else { return }
      guard one.text.contains("65254"), !base.text.contains("65254") else {
        // A refusal of the first form by a check of the input refuses the others as well.
        if form == "|expr @" { break }
        continue
      }
      let second = point.with(payload(31_337, 4_111))
      guard let two = await send(second), two.text.contains("35448") else { continue }
      return report(
        .commandInjection, point.place, point.name, "a shell works out a sum that was slipped in",
        [FindingStep("one sum", first, one), FindingStep("another", second, two)])
    }
    if !point.operation.isRead { await probeDelay(point) }
  }

  /// A shell that shows nothing can still be told to wait: a series of waits that the answers
  /// follow, against the operation's own noise.
  private func probeDelay(_ point: InjectionPoint) async {
    guard wants(.commandInjection, at: point.place) else { return }
    let stem = point.current.isEmpty ? "a" : point.current
    for form in [";sleep @", "$(sleep @)", "|sleep @"] {
      func call(_ seconds: String) -> Call {
        point.with(stem + form.replacing("@", with: seconds))
      }
      guard let first = await send(call("1.3")) else { return }
      if first.milliseconds < 1_300 { continue }
      var steps = [FindingStep("1.3 s: \(first.milliseconds) ms", call("1.3"), first)]
      var follows = true
      for (text, wanted) in [("0", 0), ("2.2", 2_200), ("0", 0), ("0.7", 700), ("1.6", 1_600)] {
        guard let answer = await send(call(text)) else { return }
        steps.append(FindingStep("\(text) s: \(answer.milliseconds) ms", call(text), answer))
        if answer.milliseconds < wanted || answer.milliseconds > wanted + 350 {
          follows = false
          break
        }
      }
      if follows {
        return report(
          .commandInjection, point.place, point.name,
          "the answer waits as long as a shell is told to",
          steps)
      }
    }
  }

  // MARK: Templates, files, requests, errors, markup

  private func probeTemplate(_ point: InjectionPoint, _ base: Answer) async {
    guard wants(.templateInjection, at: point.place) else { return }
    for form in ["{{@}}", "${@}", "<%= @ %>", "#{@}"] {
      let first = point.with("gh" + form.replacing("@", with: "7919*6007") + "gh")
      guard let one = await send(first) else { return }
      guard one.text.contains("gh47569433gh") else {
        if form == "${@}" { break }
        continue
      }
      let second = point.with("gh" + form.replacing("@", with: "6113*5003") + "gh")
      guard let two = await send(second), two.text.contains("gh30583339gh") else { continue }
      return report(
        .templateInjection, point.place, point.name, "a product in a template is worked out",
        [FindingStep("one product", first, one), FindingStep("another", second, two)])
    }
  }

  private func probeFile(_ point: InjectionPoint, _ base: Answer) async {
    guard wants(.pathTraversal, at: point.place), !Signs.isPasswordFile(base.text) else { return }
    let ways = [
      "../../../../../../etc/passwd", "/etc/passwd", "....//....//....//....//etc/passwd",
      "file:///etc/passwd",
    ]
    for way in ways {
      let call = point.with(way)
      guard let answer = await send(call) else { return }
      guard Signs.isPasswordFile(answer.text) else {
        if way == "/etc/passwd", !point.isFile { return }
        continue
      }
      let control = point.with(way.replacing("passwd", with: "ghnone"))
      guard let missing = await send(control), !Signs.isPasswordFile(missing.text),
        let again = await send(call), Signs.isPasswordFile(again.text)
      else { return }
      return report(
        .pathTraversal, point.place, point.name, "a file of the system is shown",
        [
          FindingStep("the file", call, answer),
          FindingStep("one that is not there", control, missing),
        ])
    }
  }

  private func probeForgery(_ point: InjectionPoint, _ listener: CallbackProbe?) async {
    guard wants(.requestForgery, at: point.place), point.isAddress, let listener else { return }
    var steps: [FindingStep] = []
    for _ in 0..<2 {
      let token = marker()
      let call = point.with(listener.url(token))
      guard let answer = await send(call), await listener.wasCalled(token) else { return }
      steps.append(FindingStep("its address is requested", call, answer))
    }
    report(
      .requestForgery, point.place, point.name, "the server requested an address of the caller's",
      steps)
  }

  private func probeError(_ point: InjectionPoint, _ base: Answer) async {
    guard wants(.verboseError, at: point.place), !has(.sqlInjection, at: point.place) else {
      return
    }
    let call = point.with("gh'\"{x")
    guard let broken = await send(call), broken.status >= 400, Signs.isTrace(broken.text),
      !Signs.isTrace(base.text), let again = await send(call), Signs.isTrace(again.text)
    else { return }
    report(
      .verboseError, point.place, point.name, "a value of another type brings a stack trace",
      [FindingStep("control", point.call, base), FindingStep("another type", call, broken)])
  }

  private func probeMarkup(_ point: InjectionPoint, _ base: Answer) async {
    guard wants(.scripting, at: point.place),
      base.field("content-type")?.contains("html") == true
    else { return }
    var steps: [FindingStep] = []
    for payload in ["<ghx onx=1>", "\"><ghy onx=2>"] {
      let call = point.with(payload)
      guard let answer = await send(call), answer.text.contains(payload),
        answer.field("content-type")?.contains("html") == true
      else { return }
      steps.append(FindingStep("it comes back as it is", call, answer))
    }
    report(.scripting, point.place, point.name, "markup comes back unescaped as HTML", steps)
  }
}
