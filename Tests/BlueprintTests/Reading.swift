import Blueprint
import Formats

/// What tests may look up.
let testInterpolation = Interpolation(
  environment: { $0 == "PORT" ? .found("9000") : .failed("is not set") },
  file: { _ in .failed("cannot be read") })

/// Reads `text` as a file called `gatehouse.yaml`.
func read(_ text: String) -> (blueprint: Blueprint?, diagnostics: Diagnostics) {
  BlueprintReader(authenticationPolicies: ["api-key", "jwt"]).read(
    Array(text.utf8), file: "gatehouse.yaml", interpolation: testInterpolation)
}

/// What is reported about `text`, one line for each, without the file's name.
func complaints(_ text: String) -> [String] {
  read(text).diagnostics.sorted.map { String($0.description.dropFirst("gatehouse.yaml:".count)) }
}

/// The shape that the product promises.
let example = """
  workers: 2
  listeners:
    - bind: 127.0.0.1:8080
    - bind: 127.0.0.1:8443
      tls: { certificate: certs/api.pem, key: certs/api.key }
  admin: { bind: 127.0.0.1:9901 }
  services:
    - name: shop
      upstreams: [http://127.0.0.1:3000, http://127.0.0.1:3001]
      routes:
        - { hosts: [api.example.com], paths: [/shop], methods: [GET, POST] }
        - { paths: [/health], public: true }
      policies:
        - api-key: { header: X-API-Key }
        - rate-limit: { limit: 100/minute, by: consumer }
        - access: { roles: [reader] }
  consumers:
    - name: mobile-app
      api-keys: ["sha256:000102030405060708090a0b0c0d0e0f101112131415161718191A1B1C1D1E1F"]
      roles: [reader]
  logging: { access: { path: access.log, format: json } }

  """
