import Formats
import Testing

@testable import Blueprint

@Suite struct DetectionBlueprintTests {
  private static let start = """
    listeners: [{ bind: 127.0.0.1:8080 }]

    """

  private func report(_ more: String) -> String {
    complaints(DetectionBlueprintTests.start + more).joined(separator: "\n")
  }

  private func detection(_ more: String) -> DetectionBlueprint? {
    read(DetectionBlueprintTests.start + more).blueprint?.detection
  }

  @Test func `Detection is off until it is chosen, and one word is enough`() throws {
    #expect(detection("") == nil)
    #expect(detection("detection: off") == nil)
    let settings = try #require(detection("detection: on"))
    #expect(settings[.scanner] == DetectorBlueprint(.scanner))
    #expect(DetectorName.allCases.allSatisfy { settings[$0].isOn })
    // Nothing is done about alerts unless that is chosen.
    #expect(settings.responses.isEmpty && settings.honey.isEmpty)
  }

  @Test func `Detectors, honey, alerts and responses are read`() throws {
    let settings = try #require(
      detection(
        """
        detection:
          learning: 30m
          detectors:
            scraping: off
            key-guessing: { threshold: 30, window: 5m, severity: critical, factor: 2 }
          honey: { paths: [/backup/], consumers: [ghost], names: [root] }
          alerts: { least: medium, close-after: 5m, repeat: 1h }
          places: places.mmdb
          responses:
            - { to: [scanner, key-guessing], least: medium, do: ban, for: 10m }
        """))
    #expect(settings.learningMilliseconds == 1_800_000)
    #expect(!settings[.scraping].isOn && settings[.scanner].isOn)
    let guessing = settings[.keyGuessing]
    #expect(guessing.threshold == 30 && guessing.windowMilliseconds == 300_000)
    #expect(guessing.severity == .critical && guessing.factor == 2)
    #expect(settings.honey.paths == ["/backup/"] && settings.honey.names == ["root"])
    #expect(settings.alerts.least == .medium && settings.alerts.closeAfterMilliseconds == 300_000)
    #expect(settings.alerts.repeatMilliseconds == 3_600_000)
    #expect(settings.places?.string == "places.mmdb")
    #expect(settings.responses.first?.detectors == [.scanner, .keyGuessing])
    #expect(settings.responses.first?.milliseconds == 600_000)
  }

  @Test(arguments: [
    ("detection: maybe", "'detection' is 'maybe'"),
    ("detection: { detectors: { scaner: off } }", "did you mean 'scanner'"),
    ("detection: { detectors: { scanner: { threshold: 0 } } }", "from 1 to 1000000"),
    ("detection: { detectors: { scanner: { window: 1s } } }", "10s to 1d"),
    ("detection: { detectors: { scanner: { severity: bad } } }", "'severity' is 'bad'"),
    ("detection: { honey: { paths: [backup] } }", "a path such as /backup/"),
    ("detection: { honey: { paths: [/] } }", "a path such as /backup/"),
    ("detection: { alerts: { close-after: 1s } }", "10s to 1d"),
    ("detection: { responses: [{ to: [scanner] }] }", "'do' is missing"),
    ("detection: { responses: [{ do: ban }] }", "'to' names no detector"),
    ("detection: { responses: [{ to: [scanner], do: burn }] }", "'do' is 'burn'"),
    ("detection: { responses: [{ to: [scanner], do: ban, for: 1ms }] }", "1s to 30d"),
    ("detection: { places: '' }", "the path of a file"),
  ]) func `What is wrong is said`(_ text: String, _ expected: String) {
    #expect(report(text).contains(expected), "\(report(text))")
  }
}
