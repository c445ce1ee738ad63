/// What is looked for in the stream of events; the words of `detection.detectors`.
public enum DetectorName: String, CaseIterable, Hashable, Sendable {
  case credentialStuffing = "credential-stuffing"
  case passwordSpraying = "password-spraying"
  case passwordGuessing = "password-guessing"
  case keyGuessing = "key-guessing"
  case objectEnumeration = "object-enumeration"
  case functionProbing = "function-probing"
  case scanner
  case scraping
  case rateEvasion = "rate-evasion"
  case tokenReplay = "token-replay"
  case impossibleTravel = "impossible-travel"
  case errorSpike = "error-spike"
  case latencySpike = "latency-spike"
  case newEndpoint = "new-endpoint"
  case shadowEndpoint = "shadow-endpoint"
  case responseChange = "response-change"
  case honey
  case rule

  /// What an alert of it is called.
  public var title: String {
    switch self {
    case .credentialStuffing: "Many names are tried from one source"
    case .passwordSpraying: "Few passwords are tried on many names"
    case .passwordGuessing: "Many passwords are tried on one name"
    case .keyGuessing: "Many keys or tokens are tried from one source"
    case .objectEnumeration: "One caller goes through the objects of others"
    case .functionProbing: "One caller tries operations that it may not use"
    case .scanner: "Somebody looks for weak places"
    case .scraping: "One caller takes far more than is usual"
    case .rateEvasion: "One caller comes from many addresses"
    case .tokenReplay: "One credential is used in two places at once"
    case .impossibleTravel: "One credential is used too far apart"
    case .errorSpike: "A service fails far more often than is usual"
    case .latencySpike: "A service is far slower than is usual"
    case .newEndpoint: "An endpoint answers that was not there before"
    case .shadowEndpoint: "An endpoint answers that is not in the description"
    case .responseChange: "An endpoint answers otherwise than is usual"
    case .honey: "Somebody touched what nobody has a reason to touch"
    case .rule: "A rule of the operator's holds"
    }
  }
}
