import Base
import Formats

extension BlueprintReader {
  func upstreams(_ settings: inout Settings) -> [UpstreamBlueprint] {
    guard let found = settings.requiredNode("upstreams") else { return [] }
    let nodes = found.kind == .scalar ? [found] : settings.nodes("upstreams") ?? []
    if found.kind == .sequence, nodes.isEmpty {
      settings.error(
        "'upstreams' is empty", expected: "at least one, such as http://127.0.0.1:3000",
        at: "upstreams")
    }
    let upstreams = nodes.compactMap { upstream($0, settings) }
    if !upstreams.isEmpty, upstreams.allSatisfy({ $0.isDrained }) {
      settings.error(
        "all upstreams are drained", expected: "one at least that takes requests",
        at: "upstreams")
    }
    return upstreams
  }

  /// An upstream: a URL, or a mapping of `url`, `weight` and `drain`.
  private func upstream(_ node: Node, _ settings: Settings) -> UpstreamBlueprint? {
    guard node.kind == .mapping else {
      return settings.text(of: node, "upstreams").flatMap { upstream($0, settings) }
    }
    var part = Settings(node, in: settings.diagnostics, interpolation: settings.interpolation)
    var result = part.requiredText("url").flatMap { upstream($0, part) }
    if let value = part.integer("weight", in: 1...1000) { result?.weight = value }
    if let value = part.boolean("drain") { result?.isDrained = value }
    part.finish()
    return result
  }

  private func upstream(_ text: Text, _ settings: Settings) -> UpstreamBlueprint? {
    do {
      return try UpstreamBlueprint(url: text.string, position: text.position)
    } catch {
      settings.error(
        "the upstream \(text.shown) \(error.message)", expected: error.expected, at: text.position)
      return nil
    }
  }
}

extension UpstreamBlueprint {
  /// What is wrong with a URL, in words that follow it.
  struct Failure: Error {
    var message: String
    var expected = "a URL of scheme, host and port, such as http://127.0.0.1:3000"
  }

  /// Reads `http` or `https`, a host and perhaps a port; a path, query or user is refused.
  init(url: String, position: Position) throws(Failure) {
    let scheme: Scheme
    var rest: Substring
    if url.hasPrefix("http://") {
      (scheme, rest) = (.http, url.dropFirst(7))
    } else if url.hasPrefix("https://") {
      (scheme, rest) = (.https, url.dropFirst(8))
    } else {
      throw Failure(message: "has no scheme", expected: "http:// or https:// at its begin")
    }
    if rest.hasSuffix("/") { rest = rest.dropLast() }
    if rest.contains("@") { throw Failure(message: "has a user name") }
    if rest.contains(where: { $0 == "/" || $0 == "?" || $0 == "#" }) {
      throw Failure(message: "has a path or query")
    }
    let (host, port) = try UpstreamBlueprint.split(rest, scheme)
    let address = IPAddress(String(host))
    if let address { try UpstreamBlueprint.check(address) }
    guard address != nil || HostName.isValid(host) else {
      throw Failure(message: "has a bad host name")
    }
    self.init(
      scheme: scheme, host: address?.description ?? host.lowercased(), address: address,
      port: port, weight: 1, position: position)
  }

  private static func split(
    _ authority: Substring, _ scheme: Scheme
  ) throws(Failure) -> (host: Substring, port: UInt16) {
    var host = authority
    var digits: Substring?
    if authority.hasPrefix("[") {
      guard let end = authority.firstIndex(of: "]") else {
        throw Failure(message: "has a bad host")
      }
      host = authority[authority.index(after: authority.startIndex)..<end]
      let behind = authority[authority.index(after: end)...]
      guard host.contains(":"), behind.isEmpty || behind.hasPrefix(":") else {
        throw Failure(message: "has a bad host")
      }
      digits = behind.isEmpty ? nil : behind.dropFirst()
    } else if let colon = authority.firstIndex(of: ":") {
      host = authority[..<colon]
      digits = authority[authority.index(after: colon)...]
    }
    guard let digits else { return (host, scheme == .http ? 80 : 443) }
    guard let port = Digits.port(digits), port > 0 else {
      throw Failure(message: "has a bad port", expected: "a port from 1 to 65535")
    }
    return (host, port)
  }

  /// Refuses addresses at which no upstream can be. Link-local ones give clouds' credentials away.
  private static func check(_ address: IPAddress) throws(Failure) {
    if address.isV4 {
      let first = UInt8(truncatingIfNeeded: address.low >> 24)
      if first == 0 || first >= 224 { throw Failure(message: "is no address of one host") }
      if (address.low >> 16) & 0xFFFF == 0xA9FE { throw Failure(message: "is link-local") }
    } else {
      if address.high == 0, address.low == 0 { throw Failure(message: "is no address of one host") }
      if address.high >> 56 == 0xFF { throw Failure(message: "is no address of one host") }
      if address.high >> 54 == 0x3FA { throw Failure(message: "is link-local") }
    }
  }
}
