import Base
import Formats

/// What is looked for in the stream of events.
extension BlueprintReader {
  func detection(_ root: inout Settings) -> DetectionBlueprint? {
    guard let node = root.node("detection") else { return nil }
    if node.kind == .scalar {
      return root.choice("detection", ["on", "off"]) == "on" ? DetectionBlueprint() : nil
    }
    guard var settings = root.settings("detection") else { return nil }
    var detection = DetectionBlueprint()
    if let value = settings.duration("learning", in: 0...Quantity.durationMax) {
      detection.learningMilliseconds = value
    }
    detection.detectors = detectors(&settings)
    detection.honey = honey(&settings)
    detection.alerts = alerts(&settings)
    detection.responses = responses(&settings)
    detection.places = settings.path("places")
    detection.rules = settings.texts("rules") ?? []
    settings.finish()
    return detection
  }

  private func detectors(_ parent: inout Settings) -> [DetectorName: DetectorBlueprint] {
    guard var settings = parent.settings("detectors") else { return [:] }
    var detectors: [DetectorName: DetectorBlueprint] = [:]
    for name in DetectorName.allCases {
      guard let node = settings.node(name.rawValue) else { continue }
      var detector = DetectorBlueprint(name)
      if node.kind == .scalar {
        if let word = settings.choice(name.rawValue, ["on", "off"]) {
          detector.isOn = word == "on"
        }
      } else if var own = settings.settings(name.rawValue) {
        if let value = own.integer("threshold", in: 1...1_000_000) { detector.threshold = value }
        if let value = own.duration("window", in: 10_000...86_400_000) {
          detector.windowMilliseconds = value
        }
        if let value = own.integer("factor", in: 1...1000) { detector.factor = Double(value) }
        if let value = own.choice("severity", of: AlertSeverity.self) { detector.severity = value }
        own.finish()
      }
      detectors[name] = detector
    }
    settings.finish()
    return detectors
  }

  private func honey(_ parent: inout Settings) -> HoneyBlueprint {
    var honey = HoneyBlueprint()
    guard var settings = parent.settings("honey") else { return honey }
    honey.paths = (settings.texts("paths") ?? []).compactMap { text in
      if text.string.hasPrefix("/"), text.string != "/" { return text.string }
      settings.refuse(text, "paths", expected: "a path such as /backup/ that nobody uses")
      return nil
    }
    honey.consumers = settings.list("consumers") ?? []
    honey.names = settings.list("names") ?? []
    settings.finish()
    return honey
  }

  private func alerts(_ parent: inout Settings) -> AlertsBlueprint {
    var alerts = AlertsBlueprint()
    guard var settings = parent.settings("alerts") else { return alerts }
    if let value = settings.choice("least", of: AlertSeverity.self) { alerts.least = value }
    if let value = settings.duration("close-after", in: 10_000...86_400_000) {
      alerts.closeAfterMilliseconds = value
    }
    if let value = settings.duration("repeat", in: 10_000...Quantity.durationMax) {
      alerts.repeatMilliseconds = value
    }
    settings.finish()
    return alerts
  }

  private func responses(_ parent: inout Settings) -> [ResponseBlueprint] {
    (parent.settingsList("responses") ?? []).compactMap { given in
      var settings = given
      defer { settings.finish() }
      let names = settings.choices("to", DetectorName.allCases.map(\.rawValue)) ?? []
      let least = settings.choice("least", of: AlertSeverity.self) ?? .high
      let milliseconds = settings.duration("for", in: 1_000...30 * 86_400_000)
      guard let action = settings.choice("do", of: ResponseBlueprint.Action.self) else {
        if settings.node("do") == nil {
          settings.error("'do' is missing", expected: "ban", at: settings.position)
        }
        return nil
      }
      if names.isEmpty {
        settings.error(
          "'to' names no detector", expected: "such as [credential-stuffing]",
          at: settings.position)
      }
      return ResponseBlueprint(
        detectors: names.compactMap { DetectorName(rawValue: $0) }, least: least, action: action,
        milliseconds: milliseconds ?? 900_000)
    }
  }
}
