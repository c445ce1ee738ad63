import OpenAPI
import Testing

/// XML that is held against schemas (OpenAPI 3.1 §4.8.26).
@Suite struct XMLContentTests {
  private static let description = """
    openapi: 3.1.0
    paths:
      /pets:
        post:
          requestBody:
            required: true
            content: { application/xml: { schema: { $ref: '#/components/schemas/Pet' } } }
      /named: { post: { requestBody: { content: { text/xml: { schema: {
        type: object, required: [id], additionalProperties: false,
        properties: {
          id: { type: integer, xml: { name: no, prefix: s, namespace: 'urn:shop' } },
          lang: { type: string, xml: { attribute: true, name: language } },
          free: { type: [string, 'null'] } },
        xml: { name: item, namespace: 'urn:shop' } } } } } } }
      /list: { post: { requestBody: { content: { application/xml: { schema: {
        type: array, minItems: 1, items: { type: integer, xml: { name: n } } } } } } } }
      /price: { post: { requestBody: { content: { application/xml: { schema: {
        type: object, additionalProperties: { type: number },
        properties: { amount: { type: number, xml: { nodeType: text } },
          currency: { enum: [EUR], xml: { nodeType: attribute } } } } } } } } }
    components:
      schemas:
        Pet:
          type: object
          required: [name, photoUrls]
          properties:
            id: { type: integer, format: int64, xml: { attribute: true } }
            name: { type: string, minLength: 1 }
            category: { $ref: '#/components/schemas/Category' }
            photoUrls: { type: array, xml: { wrapped: true },
              items: { type: string, xml: { name: photoUrl } } }
            plain: { type: array, maxItems: 2, items: { type: integer } }
            double: { type: array, xml: { name: aliens, wrapped: true }, items: { type: string } }
            parent: { $ref: '#/components/schemas/Pet' }
            isTame: { type: boolean }
          xml: { name: pet }
        Category:
          type: object
          properties: { id: { type: integer }, name: { type: string } }
          xml: { name: kind }
    """

  private func violations(
    _ path: String, _ body: String, _ unknown: UnknownPart = .allow
  ) throws -> [String] {
    var bench = try RequestBench(
      XMLContentTests.description, tellsUnknownMembers: unknown != .allow)
    bench.rules.unknownMembers = unknown
    let type = path == "/named" ? "text/xml" : "application/xml"
    return bench.violations("POST \(path)", [("content-type", type)], body: body)
  }

  @Test(arguments: [
    "<pet><name>Rex</name><photoUrls/></pet>",
    "<?xml version='1.0'?>\n<pet id='7'>\n <photoUrls>\n <photoUrl>a</photoUrl>\n</photoUrls>"
      + "<name><![CDATA[R & x]]></name></pet>",
    "<pet><name>&lt;Rex&#33;</name><photoUrls/><plain>1</plain><isTame>true</isTame>"
      + "<plain>2</plain></pet>",
    "<pet><name>12</name><photoUrls/><kind><id>3</id><name>dog</name></kind></pet>",
    "<pet><name>a</name><photoUrls/><aliens><aliens>x</aliens></aliens></pet>",
    "<pet><name>a</name><photoUrls/><pet><name>b</name><photoUrls/></pet></pet>",
    "<pet><name>a<!-- one -->b</name><photoUrls/><other><deep>1</deep></other></pet>",
    "<pet xmlns='urn:any'><name>a</name><photoUrls/></pet>",
  ])
  func `What the schema says of XML passes`(body: String) throws {
    let isRooted = !body.contains("urn:any")
    #expect(try violations("/pets", body) == (isRooted ? [] : ["body xml"]))
  }

  @Test(arguments: [
    ("<pat><name>a</name><photoUrls/></pat>", "body xml"),
    ("<pet><photoUrls/></pet>", "body required"),
    ("<pet><name></name><photoUrls/></pet>", "body /name minLength"),
    ("<pet id='x'><name>a</name><photoUrls/></pet>", "body /id type"),
    ("<pet><id>7</id><name>a</name><photoUrls/></pet>", "body xml"),
    ("<pet><name>a</name><name>b</name><photoUrls/></pet>", "body /name xml"),
    ("<pet><name><b/></name><photoUrls/></pet>", "body /name type"),
    ("<pet><name a='1'>x</name><photoUrls/></pet>", "body /name xml"),
    ("<pet><name>a</name><photoUrls><url/></photoUrls></pet>", "body /photoUrls/0 xml"),
    ("<pet><name>a</name><photoUrls>text</photoUrls></pet>", "body /photoUrls xml"),
    ("<pet>text<name>a</name><photoUrls/></pet>", "body xml"),
    ("<pet><name>a</name><photoUrls/><plain>1</plain><plain>x</plain></pet>", "body /plain/1 type"),
    (
      "<pet><name>a</name><photoUrls/><plain>1</plain><plain>2</plain><plain>3</plain></pet>",
      "body /plain maxItems"
    ),
    ("<pet><name>a</name><photoUrls/><kind><id>x</id></kind></pet>", "body /category/id type"),
    ("<pet><name>a</name><photoUrls/><isTame>yes</isTame></pet>", "body /isTame type"),
    (
      "<pet><name>a</name><photoUrls/><pet><name>b</name></pet></pet>",
      "body /parent required"
    ),
    (
      "<pet xmlns:x='http://www.w3.org/2001/XMLSchema-instance' x:schemaLocation='u http://a/'>"
        + "<name>a</name><photoUrls/></pet>", "body xml"
    ),
  ])
  func `What it does not is refused at its place`(body: String, found: String) throws {
    #expect(try violations("/pets", body) == [found])
  }

  @Test(arguments: [
    ("<item xmlns='urn:shop'><no>1</no></item>", [String]()),
    ("<s:item xmlns:s='urn:shop' language='en'><s:no>1</s:no></s:item>", []),
    ("<a:item xmlns:a='urn:shop'><b:no xmlns:b='urn:shop'>1</b:no></a:item>", []),
    ("<item xmlns='urn:shop'><no>1</no><free/></item>", []),
    (
      "<item xmlns='urn:shop' xmlns:i='http://www.w3.org/2001/XMLSchema-instance'><no>1</no>"
        + "<free i:nil='true'/></item>", []
    ),
    ("<item><no>1</no></item>", ["body xml"]),
    ("<item xmlns='urn:other'><no>1</no></item>", ["body xml"]),
    (
      "<s:item xmlns:s='urn:shop'><no>1</no></s:item>",
      ["body /no additionalProperties", "body required"]
    ),
    ("<item xmlns='urn:shop'><no>1</no><more/></item>", ["body /more additionalProperties"]),
    ("<item xmlns='urn:shop' more='1'><no>1</no></item>", ["body /@more additionalProperties"]),
    (
      "<item xmlns='urn:shop' xmlns:i='http://www.w3.org/2001/XMLSchema-instance'>"
        + "<no i:nil='true'/></item>", ["body /id type"]
    ),
  ])
  func `Names are those of their namespaces`(body: String, found: [String]) throws {
    #expect(try violations("/named", body).sorted() == found.sorted())
  }

  @Test func `Lists, texts and attributes may be the whole`() throws {
    #expect(try violations("/list", "<x><n>1</n><n>2</n></x>") == [])
    #expect(try violations("/list", "<x><m>1</m></x>") == ["body /0 xml"])
    #expect(try violations("/list", "<x/>") == ["body minItems"])
    #expect(try violations("/price", "<price currency='EUR'>1.5</price>") == [])
    #expect(
      try violations("/price", "<price currency='USD'>1.5</price>") == ["body /currency enum"])
    #expect(try violations("/price", "<price>x</price>") == ["body /amount type"])
    #expect(try violations("/price", "<price><other>2</other></price>") == [])
    #expect(
      try violations("/price", "<price><other>b</other></price>") == ["body /other type"])
  }

  @Test func `Elements and attributes that are not described are told`() throws {
    let body = "<pet role='admin'><name>a</name><photoUrls/><owner>me</owner></pet>"
    #expect(try violations("/pets", body) == [])
    let found = ["body /@role unevaluatedProperties", "body /owner unevaluatedProperties"]
    #expect(try violations("/pets", body, .refuse) == found)
    #expect(try violations("/pets", body, .report) == [])
    #expect(try violations("/pets", body, .strip) == ["body unknown"])
  }

  @Test func `Many elements take time in proportion`() throws {
    func nested(_ count: Int) -> String {
      String(repeating: "<pet><photoUrls/>", count: count) + "<pet><photoUrls/><name>a</name></pet>"
        + String(repeating: "<name>a</name></pet>", count: count)
    }
    #expect(try violations("/pets", nested(30)) == [])
    #expect(try violations("/pets", nested(62)) == ["body syntax"])
    #expect(try violations("/pets", nested(1000)) == ["body syntax"])
    let many = (0..<15_000).map { "<e\($0)/>" }.joined()
    let start = ContinuousClock.now
    #expect(
      try violations("/pets", "<pet><name>a</name><photoUrls/>\(many)</pet>") == ["body syntax"])
    #expect(ContinuousClock.now - start < .seconds(10))
  }
}
