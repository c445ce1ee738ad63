import Policies
import Testing

/// What `gatehouse import` makes of other products' files.
struct ProductImportTests {
  private func make(
    _ format: String, _ content: String
  ) throws -> (status: Int32, report: String, text: String) {
    let session = try Session(policies: Catalogue.standard)
    try session.write(content, to: "file")
    let output = session.path("gatehouse.yaml")
    let made = session.run(["import", format, session.path("file"), "--output", output])
    guard made.status == 0 else { return (made.status, made.errors, "") }
    let checked = session.run(["check", "--config", output])
    #expect(checked.status == 0, "\(checked.errors)")
    return (0, made.errors, try session.text(of: "gatehouse.yaml"))
  }

  private static let kong = """
    _format_version: "3.0"
    services:
      - name: orders
        url: http://orders.internal:8080/v2
        retries: 7
        connect_timeout: 2000
        write_timeout: 1000
        routes:
          - name: orders-route
            paths: [/orders, "~/orders/\\\\d+$"]
            methods: [GET, POST]
            hosts: [api.example.com]
            preserve_host: true
        plugins:
          - name: key-auth
            config: { key_names: [X-Key], hide_credentials: true, run_on_preflight: true }
          - name: acl
            config: { allow: [staff] }
          - name: rate-limiting
            config: { minute: 100, second: 5, policy: local }
          - { name: proxy-cache, config: { strategy: memory } }
      - name: open
        host: pool
        routes: [{ paths: [/open], strip_path: false }]
      - name: old
        url: tcp://x:1
    upstreams:
      - name: pool
        targets: [{ target: "10.0.0.1:80", weight: 100 }, { target: "10.0.0.2:80", weight: 50 }]
    plugins:
      - { name: correlation-id }
      - { name: request-termination, consumer: app, config: { status_code: 403 } }
    consumers:
      - username: app
        keyauth_credentials: [{ key: open-sesame }]
        acls: [{ group: staff }]
        jwt_secrets: [{ key: a }]
    certificates: [{ cert: x, key: y }]
    """

  @Test func `Kong's services, plugins and consumers are carried over, or said not to be`() throws {
    let (status, report, text) = try make("kong", ProductImportTests.kong)
    #expect(status == 0, "\(report)")
    for wanted in [
      "name: \"orders\"", "upstreams: [\"http://orders.internal:8080\"]", "{ prefix: \"/orders\" }",
      "methods: [\"GET\", \"POST\"]", "hosts: [\"api.example.com\"]", "strip-prefix: true",
      #"api-key: {"header":"X-Key","keep":false}"#, #"access: {"groups":["staff"]}"#,
      #"rate-limit: {"limit":"100/minute","by":"consumer","algorithm":"fixed-window"}"#,
      #"rate-limit: {"limit":"5/second""#, #"timeouts: {"connect":"2000ms"}"#,
      #"retries: {"count":5}"#, "host-header: \"preserve\"", "request-id: {}",
      "upstreams: [\"http://10.0.0.1:80\", \"http://10.0.0.2:80\"]",
      "sha256:d7ecdf25eaf3deba0f2628771dbdd22d4138ab6cf38f91ed02a2ca0dec7c8ab7",
    ] {
      #expect(text.contains(wanted), "\(wanted)")
    }
    #expect(!text.contains("open-sesame"))
    for wanted in [
      "services[0].path: upstreams get no prefix", "services[0].write_timeout",
      "services[0].retries: 5 retries", "paths[1]: a regular expression",
      "services[0].plugins[3]: proxy-cache has no counterpart", "run_on_preflight",
      "config.policy: has no counterpart", "services[2]: its upstream is no http",
      "upstreams.pool: all targets get the same share", "plugins[1]: policies of one consumer",
      "consumers[0].jwt_secrets", "$.certificates", "nobody asked who calls",
    ] {
      #expect(report.contains(wanted), "\(wanted)\n\(report)")
    }
  }

  @Test func `What Kong let in that nobody asked is not let in here`() throws {
    let (_, _, text) = try make("kong", ProductImportTests.kong)
    #expect(!text.contains("public"))
    let file = """
      _format_version: "2.1"
      services:
        - name: a
          url: http://a.internal
          routes: [{ paths: [/] }]
          plugins: [{ name: openid-connect, config: { issuer: https://x } }]
      """
    let (status, report, other) = try make("kong", file)
    #expect(status == 0, "\(report)")
    #expect(other.contains("api-key: {}"))
    #expect(report.contains("openid-connect needs settings of your own"))
  }

  @Test func `Tyk's API is carried over, or said not to be`() throws {
    let file = """
      {"openapi":"3.0.3","info":{"title":"Orders","version":"1"},
       "paths":{"/x":{"get":{"operationId":"x"}}},
       "components":{"securitySchemes":{"key":{"type":"apiKey","in":"header","name":"X-Key"},
         "token":{"type":"http","scheme":"bearer"}}},
       "x-tyk-api-gateway":{
        "info":{"name":"orders api","state":{"active":true}},
        "upstream":{"url":"https://orders.internal/base","rateLimit":{"enabled":true,"rate":10,"per":"1m"},
          "mutualTLS":{"enabled":true}},
        "server":{"listenPath":{"value":"/orders/","strip":true},
          "customDomain":{"enabled":true,"name":"api.example.com"},
          "authentication":{"enabled":true,"stripAuthorizationData":true,
            "securitySchemes":{"key":{"enabled":true},"token":{"enabled":true}}}},
        "middleware":{"global":{"cors":{"enabled":true,"allowedOrigins":["https://a.example"]},
          "pluginConfig":{"driver":"goplugin"}},
          "operations":{"x":{"mockResponse":{"enabled":true}}}}}}
      """
    let (status, report, text) = try make("tyk", file)
    #expect(status == 0, "\(report)")
    for wanted in [
      "name: \"orders-api\"", "upstreams: [\"https://orders.internal\"]", "{ prefix: \"/orders\" }",
      "strip-prefix: true", "hosts: [\"api.example.com\"]",
      #"api-key: {"header":"X-Key","keep":false}"#,
      #"rate-limit: {"limit":"10/minute","by":"route"}"#,
      #"cors: {"origins":["https://a.example"]}"#,
    ] {
      #expect(text.contains(wanted), "\(wanted)\n\(text)")
    }
    for wanted in [
      "/base is not put before", "securitySchemes.token", "pluginConfig", "mockResponse",
      "upstream.mutualTLS", "1 paths",
    ] {
      #expect(report.contains(wanted), "\(wanted)\n\(report)")
    }
  }

  @Test func `Postman's requests become routes, or are said not to`() throws {
    let file = """
      {"info":{"name":"Shop","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
       "variable":[{"key":"base","value":"https://api.example.com"}],
       "auth":{"type":"bearer"},
       "item":[
        {"name":"folder","item":[
          {"name":"one","request":{"method":"GET","url":{"raw":"{{base}}/orders/:id/items/:id?x=1"}}},
          {"name":"two","request":{"method":"POST","url":"{{base}}/orders"},
           "event":[{"listen":"test"}]}]},
        {"name":"three","request":{"method":"DELETE","url":{"raw":"{{base}}/orders/{{order}}/items/{{n}}"}}},
        {"name":"four","request":{"method":"GET","url":{"raw":"{{unknown}}/x"}}}]}
      """
    let (status, report, text) = try make("postman", file)
    #expect(status == 0, "\(report)")
    for wanted in [
      "upstreams: [\"https://api.example.com\"]", "{ exact: \"/orders\" }",
      "{ template: \"/orders/{id}/items/{id2}\" }", "{ template: \"/orders/{order}/items/{n}\" }",
      "api-key: {}",
    ] {
      #expect(text.contains(wanted), "\(wanted)\n\(text)")
    }
    for wanted in ["item[2]: its address has variables", "item[1].event", "bearer: a key is asked"]
    {
      #expect(report.contains(wanted), "\(wanted)\n\(report)")
    }
  }

  // ADM-16.
  @Test(arguments: [
    ("kong", "{}", "_format_version is missing"), ("kong", "a: [", "cannot be read"),
    ("kong", "_format_version: '3.0'", "no service to carry over"), ("tyk", "{}", "no API of Tyk"),
    ("postman", "[]", "no collection of Postman"), ("kong", "", "cannot be read"),
    (
      "kong",
      "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
        + "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
        + "e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]",
      "cannot be read"
    ),
    (
      "kong",
      "_format_version: '3.0'\nservices: [{ name: a, url: 'http://169.254.169.254/', routes: "
        + "[{ paths: [/] }] }]", "link-local"
    ),
  ])
  func `A file that is none, or is made to do harm, is refused`(
    format: String, content: String, wanted: String
  ) throws {
    let (status, report, _) = try make(format, content)
    #expect(status == 1)
    #expect(report.contains(wanted), "\(report)")
  }

  @Test func `Text of the file stays text`() throws {
    let file = """
      _format_version: "3.0"
      services:
        - name: "a\\u001b[31m\\"\\nevil: true"
          url: http://a.internal
          routes: [{ paths: ["/x"], headers: { x-a: ["${env:HOME}"] } }]
      """
    let (status, report, text) = try make("kong", file)
    #expect(status == 0, "\(report)")
    #expect(!report.contains("\u{1B}"))
    #expect(!text.contains("\nevil"))
    #expect(text.contains("$${env:HOME}"))
  }
}
