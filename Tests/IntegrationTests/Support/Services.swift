/// Configurations that several tests share.
enum Services {
  /// The SHA-256 of `open-sesame`.
  static let key = "open-sesame"
  static let digest = "d7ecdf25eaf3deba0f2628771dbdd22d4138ab6cf38f91ed02a2ca0dec7c8ab7"

  static func open(_ port: UInt16, paths: String = "[/]") -> String {
    """
      - name: open
        upstreams: [http://127.0.0.1:\(port)]
        public: true
        routes: [{ paths: \(paths) }]
    """
  }

  static func keyed(_ port: UInt16, more: String = "") -> String {
    """
      - name: keyed
        upstreams: [http://127.0.0.1:\(port)]
        policies:
          - api-key: { header: X-API-Key }
    \(more)
    """
  }

  static let consumers = """
    consumers:
      - { name: mobile-app, api-keys: ["sha256:\(digest)"] }
    """
}
