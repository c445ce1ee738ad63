import Formats
import PolicyKit

/// The setting `consumer`, by which something of a policy's is a consumer's.
enum ConsumerSetting {
  /// The consumer that `consumer` names; nil if it is not there, or names nobody, which is
  /// reported. With a store, whom the configuration does not know may be there.
  static func read(_ settings: inout Settings, _ site: PolicySite) -> ConsumerReference? {
    guard let name = settings.text("consumer") else { return nil }
    if let known = site.directory.consumer(named: name.string, live: nil) { return .known(known) }
    if site.hasStore, !name.string.isEmpty { return .stored(name: name.string) }
    settings.refuse(name, "consumer", words: site.directory.consumers.map(\.name))
    return nil
  }
}
