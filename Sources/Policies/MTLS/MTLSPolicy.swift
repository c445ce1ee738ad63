import Base
import Crypto
public import Formats
import HTTP
public import PolicyKit

/// `mtls`: tells who calls by the certificate that the client showed.
///
/// The listener verifies it (`tls.client-certificates`): chain, purpose, time and revocation. No
/// field of a request can stand for a certificate.
public final class MTLSPolicy: CredentialPolicy {
  /// What the policy is called, when it runs, and its options.
  public static var manifest: PolicyManifest {
    PolicyManifest(
      name: "mtls", stage: .identification, isAuthentication: true,
      summary: "Tells who calls by the certificate that the client showed.",
      options: [
        .init(
          "name", "word", default: "common-name",
          "what names the caller: common-name, dns, uri, email, subject or fingerprint"),
        .init(
          "consumers-only", "boolean", default: "false",
          "whether that must be the name of a consumer, of the configuration or the store"),
        .init(
          "certificates", "mapping", default: "none",
          "names by the SHA-256 of certificates; no other certificate is taken"),
        .init(
          "issuers", "list of subjects", default: "any the listener trusts",
          "the authorities that may have signed, as RFC 2253 text"),
      ])
  }

  /// What is checked here.
  public static let kind = CredentialKinds.certificate

  private enum Name: String, CaseIterable {
    case commonName = "common-name"
    case dns, uri, email, subject, fingerprint
  }

  /// How long what was found out about a certificate is kept: it costs little to find out again.
  private static let keptMilliseconds: UInt64 = 600_000

  private let name: Name
  /// The consumers of whom a caller has to be one; nil if it need not.
  private let consumers: ConsumerDirectory?
  private let pinned: [Digest256: String]?
  private let issuers: Set<String>
  private let roles: RoleDirectory
  private let cache = IdentityCache(count: 4096)

  /// Compiles the settings; what is wrong is reported through them.
  public init(_ settings: inout Settings, at site: PolicySite) {
    roles = site.roles
    name = settings.choice("name", of: Name.self) ?? .commonName
    let isKnown = settings.boolean("consumers-only") ?? false
    consumers = isKnown ? site.directory : nil
    issuers = Set(settings.list("issuers") ?? [])
    pinned = settings.pairs("certificates").map { pairs in
      var pinned: [Digest256: String] = [:]
      for (key, value) in pairs {
        let digits = key.string.hasPrefix("sha256:") ? String(key.string.dropFirst(7)) : key.string
        if let digest = Digest256(hex: digits.filter { $0 != ":" }) {
          pinned[digest] = value.string
        } else {
          settings.refuse(key, "certificates", expected: "sha256: and 64 hexadecimal digits")
        }
      }
      return pinned
    }
  }

  /// What a client is told that shows no certificate.
  public var challenge: StaticString? { "mTLS realm=\"gatehouse\"" }

  /// A certificate is no part of the request.
  public func withdraw(from exchange: inout Exchange) {}

  /// Decides on one request.
  public func review(_ exchange: inout Exchange) -> Verdict {
    let shown = exchange.peer
    let fingerprint = shown?.fingerprint ?? []
    guard let peer = shown, let digest = Digest256(bytes: fingerprint.span) else {
      return .deny(
        Denial(
          .credentialsRequired, challenge: challenge,
          reason: "no certificate was shown"))
    }
    exchange.notes(credential: digest.words.0)
    let now = exchange.wallMilliseconds
    if let known = cache.find(digest, stamp: 0, nowMilliseconds: now),
      known.holds(in: exchange.live)
    {
      identify(known.consumer, &exchange)
      return .proceed
    }
    guard let known = identity(peer, digest, exchange.live) else {
      return .deny(
        Denial(
          .credentialsInvalid, challenge: challenge,
          reason: "the certificate is none of those that are let in"))
    }
    cache.keep(
      digest, stamp: 0, expiryMilliseconds: now + MTLSPolicy.keptMilliseconds,
      nowMilliseconds: now, identity: known)
    identify(known.consumer, &exchange)
    return .proceed
  }

  private func identity(
    _ peer: PeerCertificate, _ digest: Digest256, _ live: LiveDirectory?
  ) -> KnownIdentity? {
    if !issuers.isEmpty, !issuers.contains(peer.issuer) { return nil }
    let found = pinned.map { $0[digest] } ?? name(of: peer, digest)
    guard let found, MTLSPolicy.canBeSent(found) else { return nil }
    var caller = RoleDirectory.Caller(certificates: [peer.subject, "sha256:\(digest.hex)"])
    guard let consumers else {
      return KnownIdentity(
        Consumer(
          index: -1, name: found, roles: roles.roles(of: caller), groups: [], isDisabled: false))
    }
    guard let known = consumers.consumer(named: found, live: live), !known.isDisabled else {
      return nil
    }
    (caller.consumer, caller.roles, caller.groups) = (known.name, known.roles, known.groups)
    return KnownIdentity(
      Consumer(
        index: known.index, name: known.name, roles: roles.roles(of: caller),
        groups: known.groups, isDisabled: false, isStored: known.isStored, plan: known.plan),
      stored: known.isStored ? known : nil)
  }

  /// The name; none if there are several, of which nobody could say which is meant.
  private func name(of peer: PeerCertificate, _ digest: Digest256) -> String? {
    switch name {
    case .commonName: peer.commonName
    case .dns: peer.dnsNames.count == 1 ? peer.dnsNames[0] : nil
    case .uri: peer.uris.count == 1 ? peer.uris[0] : nil
    case .email: peer.emails.count == 1 ? peer.emails[0] : nil
    case .subject: peer.subject
    case .fingerprint: digest.hex
    }
  }

  /// Whether a name can stand in a field as it is.
  private static func canBeSent(_ name: String) -> Bool {
    guard let first = name.utf8.first, let last = name.utf8.last else { return false }
    return name.utf8.count <= 256 && name.utf8.allSatisfy(ASCII.isFieldValue) && first > 0x20
      && last > 0x20
  }
}
