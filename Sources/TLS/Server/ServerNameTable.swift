import Crypto

/// Which certificate stands for which name: an exact name before a wildcard, the earlier
/// certificate before the later.
struct ServerNameTable: Sendable {
  private var exact: [String: Int] = [:]
  /// By what follows the first label, as in `example.com` for `*.example.com`.
  private var wildcards: [String: Int] = [:]

  init(_ certificates: [Certificate]) {
    for (place, certificate) in certificates.enumerated() {
      var names = certificate.dnsNames
      if names.isEmpty,
        let name = certificate.commonName.flatMap({
          HostName($0, allowsWildcard: true)
        })
      {
        names = [name.text]
      }
      for name in names { add(name, place) }
    }
  }

  /// The place of the certificate for `name`, which is in lower case; nil if there is none.
  func place(of name: String) -> Int? {
    if let place = exact[name] { return place }
    guard let dot = name.firstIndex(of: ".") else { return nil }
    return wildcards[String(name[name.index(after: dot)...])]
  }

  private mutating func add(_ name: String, _ place: Int) {
    if name.hasPrefix("*.") {
      let rest = String(name.dropFirst(2))
      if wildcards[rest] == nil { wildcards[rest] = place }
    } else if exact[name] == nil {
      exact[name] = place
    }
  }
}
