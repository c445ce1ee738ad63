import JOSE
public import PolicyKit

/// What the gateway's own identity provider hands to the policies that take its tokens: they fetch
/// nothing, and wait for nobody.
public enum OwnIssuer {
  static func keys(in retained: RetainedState) -> KeySetSource {
    retained.object("own keys") {
      var timing = KeySetState.Timing()
      timing.staleMilliseconds = .max
      return KeySetSource(url: "", timing: timing)
    }
  }

  static func revocations(in retained: RetainedState) -> RevocationSource {
    retained.object("own revocations") { RevocationSource(url: "", staleMilliseconds: .max) }
  }

  /// Whether a document comes by this way, and by no other.
  static func hands(over document: any RemoteDocument) -> Bool { document.url.isEmpty }

  /// Has the policies take tokens that are signed with the keys of this set (RFC 7517), in
  /// milliseconds of a steady clock. Nil, or what is wrong with it.
  public static func publish(
    keys document: [UInt8], in retained: RetainedState, atMilliseconds now: UInt64
  ) -> String? {
    keys(in: retained).fetched(document, atMilliseconds: now)
  }

  /// Has the policies refuse what is on this list: an object of the lists `jti` and `sid` and of
  /// times by subject, `sub`. Nil, or what is wrong with it.
  public static func publish(
    revocations document: [UInt8], in retained: RetainedState, atMilliseconds now: UInt64
  ) -> String? {
    revocations(in: retained).fetched(document, atMilliseconds: now)
  }
}
