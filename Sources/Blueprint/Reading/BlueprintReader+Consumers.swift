import Base
import Formats

extension BlueprintReader {
  func consumers(
    _ root: inout Settings, plans: [PlanBlueprint]
  ) -> [ConsumerBlueprint] {
    let parts = root.settingsList("consumers") ?? []
    var names: [String: Position] = [:]
    var keys: [KeyDigest: Position] = [:]
    names.reserveCapacity(parts.count)
    keys.reserveCapacity(parts.count)
    return parts.compactMap { part in
      guard let consumer = consumer(part, &keys, plans) else { return nil }
      if let before = names.updateValue(consumer.position, forKey: consumer.name) {
        root.error(
          "the consumer '\(consumer.name)' is there twice, first in line \(before.line)",
          at: consumer.position)
      }
      return consumer
    }
  }

  private func consumer(
    _ part: Settings, _ keys: inout [KeyDigest: Position], _ plans: [PlanBlueprint]
  ) -> ConsumerBlueprint? {
    var settings = part
    let name = settings.requiredText("name")
    let digests = apiKeys(&settings, &keys)
    let plan = settings.text("plan")
    if let plan, !plans.contains(where: { $0.name == plan.string }) {
      settings.refuse(plan, "plan", words: plans.map(\.name))
    }
    let consumer = ConsumerBlueprint(
      name: name?.string ?? "", apiKeys: digests, roles: words("roles", &settings),
      groups: words("groups", &settings), plan: plan?.string,
      disabled: settings.boolean("disabled") ?? false,
      position: settings.position)
    settings.finish()
    guard let name else { return nil }
    guard BlueprintReader.isName(name.string, countMax: 128, besides: "._-@:/+") else {
      settings.refuse(name, "name", expected: "1 to 128 letters, digits and any of ._-@:/+")
      return nil
    }
    return consumer
  }

  /// The keys: each a hash, or a mapping of `hash` and `scopes`.
  private func apiKeys(
    _ settings: inout Settings, _ keys: inout [KeyDigest: Position]
  ) -> [KeyBlueprint] {
    guard let node = settings.node("api-keys") else { return [] }
    var found: [KeyBlueprint] = []
    for element in node.kind == .sequence ? node.elements : [node] {
      var text: Text?
      var scopes: [String] = []
      if element.kind == .mapping {
        var part = Settings(
          element, in: settings.diagnostics, interpolation: settings.interpolation)
        text = part.requiredText("hash")
        scopes = words("scopes", &part)
        part.finish()
      } else {
        text = settings.text(of: element, "api-keys")
      }
      guard let text, let digest = digest(text, settings) else { continue }
      if let before = keys.updateValue(text.position, forKey: digest) {
        settings.error(
          "the key is there twice, first in line \(before.line)",
          expected: "every key once, so that it tells who calls", at: text.position)
      }
      found.append(KeyBlueprint(digest: digest, scopes: scopes))
    }
    return found
  }

  /// The hash of a key. A key in plain text is never shown again, not even to whoever wrote it.
  private func digest(_ text: Text, _ settings: Settings) -> KeyDigest? {
    let expected = "'sha256:' and 64 hexadecimal digits, as printed by: printf %s KEY | sha256sum"
    guard let digest = KeyDigest(text.string) else {
      let isHash = text.string.hasPrefix("sha256:")
      settings.error(
        isHash ? "the hash of a key is malformed" : "a key stands here in plain text",
        expected: expected, at: text.position)
      return nil
    }
    guard digest != KeyDigest.ofNothing else {
      settings.error("this is the hash of an empty key", expected: expected, at: text.position)
      return nil
    }
    return digest
  }

  private func words(_ key: String, _ settings: inout Settings) -> [String] {
    (settings.texts(key) ?? []).compactMap { text in
      if BlueprintReader.isName(text.string, countMax: 128, besides: "._-@:/+") {
        return text.string
      }
      settings.refuse(text, key, expected: "1 to 128 letters, digits and any of ._-@:/+")
      return nil
    }
  }
}
