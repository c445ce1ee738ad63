import Base
import HTTP
import Testing

@testable import Telemetry

@Suite struct MaskingTests {
  @Test(arguments: [
    "key", "api_key", "apikey", "X-API-Key", "subscription-key", "key1", "keys[]", "token",
    "access_token", "refreshToken", "password", "passwd", "client_secret", "code", "sig",
    "X-Amz-Signature", "X-Amz-Credential", "sessionid", "auth", "authorization", "SAMLResponse",
    "otp", "jwt", "%6bey", "to%6Ben", "%74%6f%6b%65%6e", "api%5Fkey",
  ])
  func `The value of a secret parameter is never written`(name: String) throws {
    for query in ["\(name)=hunter2", "a=1&\(name)=hunter2&b=2", "a=1;\(name)=hunter2;b=2"] {
      let request = Logging.request(
        query: query, fields: [("referer", "https://x.test/p?\(query)")])
      for format in [AccessLogSettings.Format.json, .common, .combined] {
        let line = Logging.line(request, format: format)
        #expect(!line.contains("hunter2"), "\(query)")
        #expect(line.contains("=***"))
      }
    }
  }

  @Test(arguments: ["page", "keyword", "author", "design", "sort", "q", "encoding"])
  func `The value of an ordinary parameter is written`(name: String) throws {
    let request = Logging.request(query: "\(name)=value")
    #expect(try Logging.object(Logging.line(request))["query"] as? String == "\(name)=value")
  }

  @Test func `Names of the configuration are masked as well`() throws {
    let request = Logging.request(
      query: "patient=x7&page=1", fields: [("user-agent", "curl"), ("referer", "https://a.test/")])
    let plain = try Logging.object(Logging.line(request))
    #expect(plain["query"] as? String == "patient=x7&page=1")
    let object = try Logging.object(
      Logging.line(request, masking: ["Patient", "user-agent", "referer"]))
    #expect(object["query"] as? String == "patient=***&page=1")
    #expect(object["user_agent"] as? String == "***")
    #expect(object["referer"] as? String == "***")
  }

  @Test func `A name that is too long to judge is masked`() throws {
    let name = String(repeating: "x", count: 65)
    let request = Logging.request(query: "\(name)=value")
    #expect(try Logging.object(Logging.line(request))["query"] as? String == "\(name)=***")
  }

  @Test func `A secret beyond the cut does not show its beginning`() throws {
    let filler = String(repeating: "a", count: 1010)
    for count in 1000...1024 {
      let request = Logging.request(query: filler.prefix(count) + "&token=hunter2hunter2")
      #expect(!Logging.line(request).contains("hunter"))
    }
  }

  @Test func `Fields that carry secrets are not among what is written`() {
    let request = Logging.request(fields: [
      ("authorization", "Bearer hunter2"), ("cookie", "sid=hunter2"), ("x-api-key", "hunter2"),
      ("proxy-authorization", "Basic hunter2"),
    ])
    for format in [AccessLogSettings.Format.json, .common, .combined] {
      #expect(!Logging.line(request, format: format).contains("hunter2"))
    }
  }

  private static let token =
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJodW50ZXIyIn0.c2lnbmF0dXJlLWh1bnRlcjI"

  @Test(arguments: [
    (token, "***"), ("a\(token)", "a***"), ("x-\(token)~b", "x-***~b"),
    ("eyJhbGciOiJkaXIifQ..iv.text.tag", "***"), ("eyJ.a.b", "eyJ.a.b"), ("eyJabc", "eyJabc"),
    ("4111111111111111", "***"), ("4111-1111-1111-1111", "***"), ("x378282246310005y", "x***y"),
    ("4111111111111112", "4111111111111112"), ("1770091506789", "1770091506789"),
    ("41111111111111111111111", "41111111111111111111111"), ("e", "e"), ("ey", "ey"), ("4", "4"),
  ])
  func `A secret that shows by its shape is masked wherever it stands`(
    text: String, shown: String
  ) throws {
    let request = Logging.request(
      path: "/a/\(text)/b", query: "q=\(text)&p=\(text)",
      fields: [("referer", "https://x.test/c/\(text)?d=\(text)")])
    let object = try Logging.object(Logging.line(request))
    #expect(object["path"] as? String == "/a/\(shown)/b")
    #expect(object["query"] as? String == "q=\(shown)&p=\(shown)")
    #expect(object["referer"] as? String == "https://x.test/c/\(shown)?d=\(shown)")
    let line = Logging.line(request, format: .combined)
    #expect(line.contains("\"GET /a/\(shown)/b?q=\(shown)&p=\(shown) HTTP/1.1\""))
  }

  @Test func `A shape beyond the cut does not show its beginning`() {
    for count in 2000...2050 {
      let path = "/" + String(repeating: "a", count: count) + "/" + MaskingTests.token
      #expect(!Logging.line(Logging.request(path: path)).contains("eyJhb"))
    }
  }

  @Test(arguments: ["eyJ", "eyJ.", "4-", "e", "eyJaaaaaaa"])
  func `Text that looks like many secrets takes no longer than other text`(part: String) {
    let text = Array(String(repeating: part, count: 200_000).utf8)
    // Were it quadratic, this would take minutes.
    let found = SecretShapes.first(in: text.span, from: 0, before: text.count)
    #expect(found == nil)
  }
}
