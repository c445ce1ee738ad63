import OpenAPI
import Testing

@Suite struct RequestCheckTests {
  private static let shop = """
    openapi: 3.1.0
    info: { title: Shop, version: '1' }
    servers: [{ url: 'https://api.example.com/v1' }]
    security: [{ key: [] }]
    components:
      securitySchemes: { key: { type: apiKey, in: header, name: x-key } }
      schemas:
        Item:
          type: object
          required: [id, name]
          additionalProperties: false
          properties:
            id: { type: integer, readOnly: true }
            name: { type: string, maxLength: 5 }
            price: { type: number, minimum: 0 }
            tags: { type: array, items: { type: string }, maxItems: 2 }
    paths:
      /items:
        get:
          security: []
          parameters:
            - { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 9 } }
            - { name: tag, in: query, schema: { type: array, items: { enum: [a, b] } } }
            - { name: ids, in: query, explode: false,
                schema: { type: array, items: { type: integer } } }
            - { name: filter, in: query, style: deepObject,
                schema: { type: object, properties: { max: { type: integer } },
                          additionalProperties: false } }
            - { name: X-Mode, in: header, required: true, schema: { enum: [fast, slow] } }
            - { name: seen, in: cookie, schema: { type: boolean } }
        post:
          requestBody:
            required: true
            content:
              application/json: { schema: { $ref: '#/components/schemas/Item' } }
              application/x-www-form-urlencoded:
                schema: { $ref: '#/components/schemas/Item' }
              application/vnd.item+xml: {}
      /items/{id}:
        parameters:
          - { name: id, in: path, required: true, schema: { type: integer } }
        get: {}
      /items/all: { delete: {} }
      /files/{name}.{kind}:
        get:
          parameters:
            - { name: name, in: path, required: true, schema: { maxLength: 3 } }
            - { name: kind, in: path, required: true, schema: { enum: [txt] } }
    """

  private let bench: RequestBench

  init() throws { bench = try RequestBench(RequestCheckTests.shop) }

  private static let mode = [("x-mode", "fast")]

  @Test(arguments: [
    ("GET /v1/items", []), ("GET /v1/items?limit=9", []),
    ("GET /v1/items?limit=10", ["query limit maximum"]),
    ("GET /v1/items?limit=0", ["query limit minimum"]),
    ("GET /v1/items?limit=1.5", ["query limit type"]),
    ("GET /v1/items?limit=many", ["query limit type"]),
    ("GET /v1/items?limit=", ["query limit type"]),
    ("GET /v1/items?limit=1&limit=2", ["query limit duplicate"]),
    ("GET /v1/items?%6Cimit=10", ["query limit maximum"]),
    ("GET /v1/items?Limit=1", ["query Limit unknown"]),
    ("GET /v1/items?limit=%zz", ["query encoding"]),
    ("GET /v1/items?tag=a&tag=b", []), ("GET /v1/items?tag=a&tag=c", ["query tag/1 enum"]),
    ("GET /v1/items?ids=1,2,3", []), ("GET /v1/items?ids=1%2C2", []),
    ("GET /v1/items?ids=1,x", ["query ids/1 type"]),
    ("GET /v1/items?filter[max]=3", []),
    ("GET /v1/items?filter%5Bmax%5D=x", ["query filter/max type"]),
    ("GET /v1/items?filter[min]=3", ["query filter/min additionalProperties"]),
    ("GET /v1/items?other=1", ["query other unknown"]),
    ("GET /items", ["operation unknown"]), ("GET /v1/itemz", ["operation unknown"]),
    ("GET /v1/items/", ["operation unknown"]), ("PUT /v1/items", ["operation unknown"]),
    ("HEAD /v1/items", []), ("GET /v1/items/7", []),
    ("GET /v1/items/x", ["path id type"]), ("GET /v1/items/all", ["path id type"]),
    ("GET /v1/items/7/x", ["operation unknown"]), ("DELETE /v1/items/all", []),
    ("GET /v1/files/abc.txt", []), ("GET /v1/files/abcd.txt", ["path name maxLength"]),
    ("GET /v1/files/a.exe", ["path kind enum"]), ("GET /v1/files/.txt", ["operation unknown"]),
  ])
  func `Paths and queries are held against their descriptions`(line: String, found: [String]) {
    #expect(bench.violations(line, RequestCheckTests.mode) == found)
  }

  @Test func `Headers and cookies are held against theirs`() {
    #expect(bench.violations("GET /v1/items") == ["header X-Mode required"])
    #expect(bench.violations("GET /v1/items", [("x-mode", "odd")]) == ["header X-Mode enum"])
    let cookies = { [("x-mode", "fast"), ("cookie", $0)] }
    #expect(bench.violations("GET /v1/items", cookies("a=b; seen=true")) == [])
    #expect(bench.violations("GET /v1/items", cookies("seen=yes")) == ["cookie seen type"])
    #expect(
      bench.violations("GET /v1/items", cookies("seen=true; seen=false"))
        == ["cookie seen duplicate"])
  }

  @Test(arguments: [
    (#"{"name":"a"}"#, []), (#"{"name":"a","price":0.5,"tags":["x"]}"#, []),
    (#"{"name":"toolong"}"#, ["body /name maxLength"]),
    (#"{"name":"a","price":-1}"#, ["body /price minimum"]),
    (#"{"name":"a","id":1}"#, ["body readOnly"]),
    (#"{"name":"a","admin":true}"#, ["body /admin additionalProperties"]),
    (#"{"price":1}"#, ["body required"]), (#"{"name":"a","name":"b"}"#, ["body syntax"]),
    (#"{"name":"a""#, ["body syntax"]), ("[]", ["body type"]), ("", ["body required"]),
    (#"{"name":"a","tags":["x",1,"z"]}"#, ["body /tags/1 type", "body /tags maxItems"]),
  ])
  func `Content is held against its schema`(body: String, found: [String]) {
    let type = [("content-type", "application/json; charset=utf-8")]
    #expect(bench.violations("POST /v1/items", type, body: body) == found)
  }

  @Test(arguments: [
    ("name=a&price=2", []), ("name=a&tags=x&tags=y", []), ("name=a+b%20c", []),
    ("name=a&price=x", ["body /price type"]), ("price=1", ["body required"]),
    ("name=a&admin=1", ["body /admin additionalProperties"]), ("name=%ff", ["body encoding"]),
  ])
  func `Forms are held against their schema`(body: String, found: [String]) {
    let type = [("content-type", "application/x-www-form-urlencoded")]
    #expect(bench.violations("POST /v1/items", type, body: body) == found)
  }

  @Test(arguments: [
    ("<item a='1'>x</item>", []), ("<item>", ["body syntax"]),
    ("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", ["body syntax"]),
  ])
  func `XML is well-formed, and has no document type`(body: String, found: [String]) {
    let type = [("content-type", "application/vnd.item+xml")]
    #expect(bench.violations("POST /v1/items", type, body: body) == found)
  }

  private static let files = """
    openapi: 3.1.0
    paths:
      /files:
        post:
          requestBody:
            content:
              multipart/form-data:
                schema:
                  type: object
                  required: [title, picture]
                  additionalProperties: false
                  properties:
                    title: { type: string, maxLength: 5 }
                    count: { type: integer }
                    tags: { type: array, items: { type: string } }
                    meta: { type: object, required: [a], additionalProperties: false,
                            properties: { a: { type: boolean } } }
                    picture: { type: string, format: binary, maxLength: 100 }
                encoding: { picture: { contentType: 'image/png, image/*' } }
    """

  /// A form of parts, each written as `head|content`.
  private static func form(_ parts: [String]) -> String {
    parts.map { part in
      let pieces = part.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
      return "--b\r\nContent-Disposition: form-data; \(pieces[0])\r\n\r\n\(pieces[1])\r\n"
    }.joined() + "--b--\r\n"
  }

  private static let png = "name=picture; filename=a.png\r\nContent-Type: image/png|GIF89a"
  private static let gif = "name=picture; filename=a.gif\r\nContent-Type: image/gif|GIF89a"
  private static let program = gif.replacing("GIF89a", with: "MZ")
  private static let renamed = gif.replacing("a.gif", with: "a.png")
  private static let outside = gif.replacing("a.gif", with: "\"../a\"")
  private static let page = gif.replacing("image/gif", with: "text/html")
  private static let long = gif + String(repeating: "x", count: 95)
  private static let seven = "name=title\r\nContent-Type: text/plain; charset=utf-7|a"
  private static let meta = "name=meta|{\"a\":true}"

  @Test(arguments: [
    (["name=title|abc", gif], []),
    (["name=title|abc", gif, "name=count|3", "name=tags|x", "name=tags|y", meta], []),
    (["name=title|abcdef", gif], ["body /title maxLength"]),
    (["name=title|abc", "name=title|d", gif], ["body /title type"]),
    (["name=title|abc"], ["body required"]),
    (["name=title|a", gif, "name=count|x"], ["body /count type"]),
    (["name=title|a", gif, "name=admin|1"], ["body /admin additionalProperties"]),
    (["name=title|a", gif, "name=meta|{}"], ["body /meta required"]),
    (["name=title|a", png], ["body /picture signature"]),
    (["name=title|a", program], ["body /picture signature"]),
    (["name=title|a", gif + " <script>"], ["body /picture signature"]),
    (["name=title|a", renamed], ["body /picture signature"]),
    (["name=title|a", outside], ["body /picture filename"]),
    (["name=title|a", page], ["body /picture content-type"]),
    (["name=title|a", long], ["body /picture maxLength"]),
    ([seven, gif], ["body /title charset"]), (["name=title; filename*=x|a"], ["body syntax"]),
  ])
  func `Parts of a form are held against their schema, and files against what they say they are`(
    parts: [String], found: [String]
  ) throws {
    let bench = try RequestBench(RequestCheckTests.files)
    let type = [("content-type", "multipart/form-data; boundary=b")]
    let text = RequestCheckTests.form(parts)
    #expect(bench.violations("POST /files", type, body: text) == found)
  }

  @Test(arguments: ["multipart/form-data", "multipart/form-data; boundary=c"])
  func `A form without its boundary is refused`(type: String) throws {
    let bench = try RequestBench(RequestCheckTests.files)
    let text = RequestCheckTests.form(["name=title|a"])
    #expect(
      bench.violations("POST /files", [("content-type", type)], body: text) == ["body syntax"])
  }

  @Test(arguments: [
    [("content-type", "text/xml")], [], [("content-type", "application/jsonx")],
    [("content-type", "application/json"), ("content-type", "text/xml")],
  ])
  func `Content of another type is refused`(fields: [(String, String)]) {
    #expect(
      bench.violations("POST /v1/items", fields, body: "{}") == ["header content-type unknown"])
  }

  @Test func `Content that is encoded or not described is refused`() {
    let fields = [("content-type", "application/json"), ("content-encoding", "gzip")]
    #expect(
      bench.violations("POST /v1/items", fields, body: "x")
        == ["header content-encoding encoding"])
    #expect(bench.violations("GET /v1/items/7", body: "x") == ["body unknown"])
  }

  @Test func `An operation that asks for credentials needs a caller`() {
    #expect(bench.violations("GET /v1/items/7", isKnown: false) == ["caller security"])
    #expect(bench.violations("GET /v1/items", RequestCheckTests.mode, isKnown: false) == [])
    var lax = bench
    lax.rules.checksCaller = false
    #expect(lax.violations("GET /v1/items/7", isKnown: false) == [])
  }

  @Test func `Parameters that are not described can be let through`() {
    var lax = bench
    lax.rules.unknownParameters = .allow
    #expect(lax.violations("GET /v1/items?other=1", RequestCheckTests.mode) == [])
  }

  @Test func `A query of more pairs than are looked at is refused`() {
    let most = (0..<1024).map { _ in "tag=a" }.joined(separator: "&")
    #expect(bench.violations("GET /v1/items?" + most, RequestCheckTests.mode) == [])
    #expect(
      bench.violations("GET /v1/items?tag=a&" + most, RequestCheckTests.mode)
        == ["query encoding"])
  }
}
