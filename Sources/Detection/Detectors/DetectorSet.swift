import Blueprint
import Telemetry

/// All detectors, each with its memory.
struct DetectorSet: Sendable {
  private var stuffing = CredentialStuffingDetector()
  private var spraying = PasswordSprayingDetector()
  private var passwords = PasswordGuessingDetector()
  private var keys = KeyGuessingDetector()
  private var objects: ObjectEnumerationDetector
  private var functions = FunctionProbingDetector()
  private var scanner = ScannerDetector()
  private var scraping: ScrapingDetector
  private var evasion: RateEvasionDetector
  private var replay = TokenReplayDetector()
  private var travel: ImpossibleTravelDetector
  private var health = ServiceHealthDetector()
  private var responses: ResponseChangeDetector
  private var honey: HoneyDetector
  private var rules: RuleDetector
  private let mix: KeyMix

  init(_ settings: DetectionBlueprint, mix: KeyMix, _ files: DetectionFiles) {
    self.mix = mix
    rules = RuleDetector(files.rules)
    objects = ObjectEnumerationDetector(mix: mix)
    scraping = ScrapingDetector(mix: mix)
    evasion = RateEvasionDetector(mix: mix)
    responses = ResponseChangeDetector(mix: mix)
    honey = HoneyDetector(settings.honey, mix: mix)
    travel = ImpossibleTravelDetector(files.places)
  }

  /// Takes what a configuration that was read anew says beside thresholds.
  mutating func adopt(_ settings: DetectionBlueprint, _ files: DetectionFiles) {
    honey = HoneyDetector(settings.honey, mix: mix)
    rules = RuleDetector(files.rules)
    travel.adopt(files.places)
  }

  /// The bytes that they take, whatever happens.
  var bytesHeld: Int {
    let guessing = stuffing.bytesHeld + spraying.bytesHeld + passwords.bytesHeld + keys.bytesHeld
    let callers = objects.bytesHeld + functions.bytesHeld + scanner.bytesHeld + scraping.bytesHeld
    return guessing + callers + evasion.bytesHeld + replay.bytesHeld + travel.bytesHeld
      + health.bytesHeld + responses.bytesHeld
  }

  mutating func observe(
    _ fact: Observation, _ event: borrowing Event, _ findings: inout Findings
  ) {
    honey.observe(fact, event, &findings)
    stuffing.observe(fact, &findings)
    keys.observe(fact, &findings)
    passwords.observe(fact, &findings)
    spraying.observe(fact, &findings)
    objects.observe(fact, &findings)
    functions.observe(fact, &findings)
    scanner.observe(fact, event, &findings)
    scraping.observe(fact, &findings)
    evasion.observe(fact, &findings)
    replay.observe(fact, &findings)
    travel.observe(fact, &findings)
    health.observe(fact, &findings)
    responses.observe(fact, event, &findings)
    rules.observe(fact, event, mix, &findings)
  }
}
