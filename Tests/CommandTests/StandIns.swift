import Formats
import PolicyKit

/// Stands in for the policy `api-key`.
final class KeyPolicy: Policy {
  static let manifest = PolicyManifest(
    name: "api-key", stage: .identification, isAuthentication: true, summary: "A stand-in.",
    options: [])
  let site: PolicySite

  init(_ settings: inout Settings, at site: PolicySite) {
    self.site = site
    _ = settings.node("header")
    settings.finish()
  }
}

/// Stands in for the policy `access`.
final class AccessPolicy: Policy {
  static let manifest = PolicyManifest(
    name: "access", stage: .authorization, isAuthentication: false, summary: "A stand-in.",
    options: [])
  let site: PolicySite

  init(_ settings: inout Settings, at site: PolicySite) {
    self.site = site
    _ = settings.node("roles")
  }
}

/// Stands in for the policy `rate-limit`.
final class LimitPolicy: Policy {
  static let manifest = PolicyManifest(
    name: "rate-limit", stage: .quota, isAuthentication: false, summary: "A stand-in.",
    options: [])
  let site: PolicySite

  init(_ settings: inout Settings, at site: PolicySite) {
    self.site = site
    _ = settings.node("limit")
    _ = settings.node("by")
  }
}

/// Stands in for the policy `body-limit`.
final class SizePolicy: Policy {
  static let manifest = PolicyManifest(
    name: "body-limit", stage: .admission, isAuthentication: false, summary: "A stand-in.",
    options: [])
  let site: PolicySite

  init(_ settings: inout Settings, at site: PolicySite) {
    self.site = site
    if settings.size("size") == nil { settings.error("no size", at: settings.position) }
  }
}
