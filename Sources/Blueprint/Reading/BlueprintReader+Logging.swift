import Base
import Formats

extension BlueprintReader {
  func logging(_ root: inout Settings) -> LoggingBlueprint {
    var logging = LoggingBlueprint()
    guard var settings = root.settings("logging") else { return logging }
    logging.access = access(&settings)
    if var error = settings.settings("error") {
      if let value = error.choice("level", of: LoggingBlueprint.Level.self) {
        logging.errorLevel = value
      }
      error.finish()
    }
    if var trace = settings.settings("trace") {
      if let value = trace.choice("accept", of: TraceBlueprint.Acceptance.self) {
        logging.trace.accept = value
      }
      logging.trace.sample = trace.percent("sample")
      trace.finish()
    }
    settings.finish()
    return logging
  }

  /// The access log: its settings, or one word for where it goes.
  private func access(_ parent: inout Settings) -> AccessLogBlueprint {
    var access = AccessLogBlueprint()
    guard let node = parent.node("access") else { return access }
    if node.kind == .scalar {
      if let value = parent.text("access") { access.target = target(value) }
      return access
    }
    guard var settings = parent.settings("access") else { return access }
    if let value = settings.path("path") { access.target = target(value) }
    let formats = AccessLogBlueprint.Format.allCases.map(\.rawValue)
    if let word = settings.choice("format", formats + ["off"]) {
      if let format = AccessLogBlueprint.Format(rawValue: word) { access.format = format }
      if word == "off" { access.target = .off }
    }
    access.rotation = rotation(&settings)
    access.mask = mask(&settings)
    settings.finish()
    if access.rotation != nil, settings.node("path") != nil {
      if case .file = access.target {
      } else {
        settings.error("'rotate' without a file", expected: "a file in 'path'", at: "rotate")
      }
    }
    return access
  }

  private func target(_ text: Text) -> AccessLogBlueprint.Target {
    switch text.string {
    case "off": .off
    case "-": .standardOutput
    default: .file(text)
    }
  }

  private func rotation(_ parent: inout Settings) -> AccessLogBlueprint.Rotation? {
    guard var settings = parent.settings("rotate") else { return nil }
    var rotation = AccessLogBlueprint.Rotation()
    rotation.sizeBytes = settings.size("size", in: 64 * 1024...1 << 40)
    rotation.ageMilliseconds = settings.duration("age", in: 60_000...Quantity.durationMax)
    if let value = settings.integer("keep", in: 0...10_000) { rotation.keep = value }
    settings.finish()
    if settings.node.value("size") == nil, settings.node.value("age") == nil {
      settings.error("'rotate' says not when", expected: "'size' or 'age'", at: settings.position)
    }
    return rotation
  }

  private func mask(_ settings: inout Settings) -> [String] {
    (settings.texts("mask") ?? []).compactMap { text in
      if !text.string.isEmpty, text.string.utf8.allSatisfy(ASCII.isToken) {
        return text.string.lowercased()
      }
      settings.refuse(text, "mask", expected: "names of fields or query parameters")
      return nil
    }
  }
}
