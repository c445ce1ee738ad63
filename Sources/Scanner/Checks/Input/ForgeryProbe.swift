/// The server requests an address of the caller's (CWE-918), as the scanner's own listener sees.
struct ForgeryProbe: Probe {
  static let kind = FindingKind.requestForgery

  func probe(_ point: InputPoint, _ base: Answer, in scan: isolated Scan) async {
    guard point.isAddress, let listener = scan.listener else { return }
    // A host and its port, where the scheme stands elsewhere.
    let isHost = ["host", "domain", "server", "target", "address"].contains {
      point.name.lowercased().hasSuffix($0)
    }
    for form in isHost ? [0, 1] : [0] {
      var steps: [FindingStep] = []
      for _ in 0..<2 {
        let token = scan.marker()
        let url = listener.url(token)
        let call = point.with(form == 0 ? url : String(url.dropFirst("http://".count)))
        guard let answer = await scan.send(call), await listener.wasCalled(token) else { break }
        steps.append(FindingStep("its address is requested", call, answer))
      }
      guard steps.count == 2 else { continue }
      return scan.report(
        .requestForgery, point.operation, point.name,
        "the server requested an address of the caller's", steps)
    }
  }
}
