import Base
import Formats

extension BlueprintReader {
  /// The section `counters`.
  func counters(_ root: inout Settings) -> CountersBlueprint? {
    guard var settings = root.settings("counters") else { return nil }
    let url = settings.requiredText("redis")
    let user = settings.text("user")
    let password = settings.text("password")
    let authority = settings.path("authority")
    let prefix = settings.text("prefix")
    let timeout = settings.duration("timeout", in: 10...2_000) ?? 100
    let gateways = settings.integer("gateways", in: 1...1000) ?? 1
    settings.finish()
    if let prefix, !BlueprintReader.isName(prefix.string, besides: "._-:") {
      settings.refuse(prefix, "prefix", expected: "letters, digits and ._-:, at most 64 of them")
    }
    if let password, !password.isSecret {
      settings.error(
        "the password stands here in plain text", expected: "${env:NAME} or ${file:PATH}",
        at: password.position)
    }
    if user != nil, password == nil {
      settings.error("'user' without 'password'", at: "user")
    }
    guard let url else { return nil }
    guard let place = CounterURL(url.string) else {
      settings.error(
        "'redis' is no URL of Redis", expected: "redis://host:6379, or rediss://host:6379/0",
        at: url.position)
      return nil
    }
    if authority != nil, !place.isSecure {
      settings.error("'authority' without 'rediss://'", at: "authority")
    }
    if !place.isSecure, password != nil, place.address?.isLoopback != true {
      settings.warning(
        "the password and all counts go to \(place.host) in clear text: rediss:// would hide them",
        at: url.position)
    }
    return CountersBlueprint(
      host: place.host, address: place.address, port: place.port, isSecure: place.isSecure,
      authorityPath: authority, user: user, password: password, database: place.database,
      prefix: prefix?.string ?? "gatehouse", timeoutMilliseconds: timeout, gateways: gateways,
      position: settings.position)
  }
}
