import Formats

/// The address of an upstream, in parts.
struct ImportedURL {
  /// Scheme, host and perhaps port.
  let origin: String
  /// What stands behind; empty for nothing or `/`.
  let path: String

  /// Nil for what is no `http` or `https` URL.
  init?(_ url: String) {
    let lowered = url.lowercased()
    let isSecure = lowered.hasPrefix("https://")
    guard isSecure || lowered.hasPrefix("http://") else { return nil }
    let rest = url.dropFirst(isSecure ? 8 : 7)
    let authority = rest.prefix { !"/?#".contains($0) }
    guard !authority.isEmpty, !authority.contains("@") else { return nil }
    origin = (isSecure ? "https://" : "http://") + authority.lowercased()
    let behind = rest.dropFirst(authority.count).prefix { $0 != "?" && $0 != "#" }
    path = behind == "/" ? "" : String(behind)
  }
}
