import Base
import Formats
import HTTP
import PolicyKit

@testable import Policies

/// Gives whatever the fuzzer makes up to the policies that read credentials, as fields of a
/// request: nobody is let in, whatever they are, and nothing fails.
private let policies: [any CredentialPolicy] = {
  let secret = String(repeating: "s", count: 32)
  let hash =
    "$argon2id$v=19$m=64,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$" + String(repeating: "A", count: 43)
  let texts: [(any CredentialPolicy.Type, String)] = [
    (MessageSignaturePolicy.self, "{ keys: [{ id: k, secret: \(secret) }], nonce: false }"),
    (HMACPolicy.self, "{ keys: [{ id: k, secret: \(secret) }] }"),
    (BasicPolicy.self, "{ users: [{ name: a, password: '\(hash)' }] }"),
    (LDAPPolicy.self, "{ url: 'ldaps://d', entry: 'uid={user}' }"),
    (
      IntrospectionPolicy.self,
      "{ url: 'https://i/', client-id: c, client-secret: s, audience: a }"
    ),
    (
      OIDCPolicy.self,
      "{ issuer: 'https://i', client-id: c, url: 'https://u', keys: ['base64:"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='] }"
    ),
  ]
  return texts.compactMap { type, yaml in
    let diagnostics = Diagnostics(file: "f")
    guard let node = YAMLReader().read(Array(yaml.utf8), into: diagnostics) else { return nil }
    var settings = Settings(node, in: diagnostics)
    let policy = type.init(
      &settings,
      at: PolicySite(
        service: "s", path: "p",
        directory: ConsumerDirectory(consumers: [], credentials: []), retained: RetainedState()))
    precondition(!diagnostics.hasErrors, "the target's own settings are wrong")
    return policy
  }
}()

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzCredentials(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Safety: the fuzzer's buffer has `count` bytes for the time of this call.
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  let names = [
    "authorization", "signature-input", "signature", "cookie", "content-digest", "digest",
  ]
  let values = bytes.split(separator: 0, omittingEmptySubsequences: false).map { Array($0) }
  for policy in policies {
    var exchange = Exchange()
    exchange.wallMilliseconds = 1_000_000
    exchange.request.methodText = exchange.request.fields.store("POST")
    exchange.request.path = exchange.request.fields.store("/oidc/callback")
    exchange.request.query = exchange.request.fields.store((values.last ?? []).span)
    exchange.request.hasQuery = true
    for (name, value) in zip(names, values) where value.allSatisfy(ASCII.isFieldValue) {
      exchange.request.fields.append(name: name.utf8.span, value: value.span)
    }
    if case .proceed = policy.review(&exchange) { fatalError("somebody was let in") }
    policy.withdraw(from: &exchange)
    if let policy = policy as? any BodyPolicy { _ = policy.inspect(bytes.span, of: &exchange) }
  }
  return 0
}
