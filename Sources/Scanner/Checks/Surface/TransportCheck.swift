import Client

/// Whether connections are protected as RFC 9325 asks: old versions, ciphers without forward
/// secrecy, certificates that nobody can verify (API8).
struct TransportCheck: Check {
  static let name = "transport"
  static let isQuick = false

  func run(in scan: isolated Scan) async {
    guard scan.settings.origin.isSecure, scan.wants(.weakTransport) else { return }
    let call = Call("GET", "/")
    guard let ordinary = await scan.send(call) else { return }
    var faults: [String] = []
    var steps = [FindingStep("control: TLS 1.2 or 1.3 with a good cipher", call, ordinary)]
    for trial in TransportTrial.allCases {
      guard await isTaken(trial, scan.settings.origin), await isTaken(trial, scan.settings.origin)
      else { continue }
      faults.append(trial.rawValue)
      steps.append(FindingStep("\(trial.rawValue): taken, twice", call, ordinary))
    }
    guard !faults.isEmpty else { return }
    scan.report(
      .weakTransport, "ANY", faults.joined(separator: ", "),
      "the server takes or shows \(faults.joined(separator: ", "))", steps)
  }

  private func isTaken(_ trial: TransportTrial, _ origin: ClientOrigin) async -> Bool {
    switch (trial, await trial.run(on: origin)) {
    // Whoever has to believe any certificate shows by that what there is to find.
    case (.verification, .refused): true
    case (.verification, _): false
    case (_, .accepted): true
    default: false
    }
  }
}
