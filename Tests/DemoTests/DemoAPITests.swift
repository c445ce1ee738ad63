import Demo
import Testing

@Suite struct DemoAPITests {
  private let api = DemoAPI()

  private func send(
    _ method: String, _ target: String, _ body: String = ""
  ) -> (status: Int, text: String, response: DemoResponse) {
    let parts = target.split(separator: "?", maxSplits: 1)
    let response = api.respond(
      method: method, path: String(parts[0]), query: parts.count > 1 ? String(parts[1]) : "",
      body: Array(body.utf8))
    return (response.status, String(decoding: response.body, as: UTF8.self), response)
  }

  private let line = #"{"user":2,"items":[{"product":"tamper","quantity":3}]}"#

  @Test func `An order is placed, read and cancelled`() {
    let placed = send("POST", "/orders", line)
    #expect(placed.status == 201)
    #expect(placed.response.fields.map(\.name) == ["Location"])
    #expect(placed.response.fields.map(\.value) == ["/orders/1006"])
    let expected =
      #"{"id":1006,"user":2,"status":"open","items":[{"product":"tamper","quantity":3,"#
      + #""unitPriceCents":3900}],"totalCents":11700,"currency":"EUR"}"# + "\n"
    #expect(placed.text == expected)
    #expect(send("GET", "/orders/1006").text == expected)
    #expect(send("HEAD", "/orders/1006").text == expected)
    #expect(send("DELETE", "/orders/1006").text.contains(#""status":"cancelled""#))
    #expect(send("GET", "/orders?status=cancelled").text.contains(#""total":2"#))
    #expect(send("DELETE", "/orders/1001").status == 409)
  }

  @Test func `Lists are cut by offset and limit`() {
    let page = send("GET", "/orders?limit=2&offset=1").text
    #expect(page.hasPrefix(#"{"orders":[{"id":1002,"#))
    #expect(page.contains(#"{"id":1003,"#) && !page.contains(#"{"id":1004,"#))
    #expect(page.hasSuffix("\"total\":5}\n"))
    #expect(send("GET", "/users/1/orders").text.contains(#""total":2"#))
    for query in ["limit=0", "limit=101", "limit=x", "offset=-1", "status=lost", "limit"] {
      #expect(send("GET", "/orders?\(query)").status == 400, "\(query)")
    }
  }

  @Test func `A user is added and found`() {
    let added = send("POST", "/users", #"{"name":"Femi","email":"femi@example.com"}"#)
    #expect(added.status == 201)
    #expect(send("GET", "/users/6").text == added.text)
    #expect(send("GET", "/users/6/orders").text == "{\"orders\":[],\"total\":0}\n")
    for body in [#"{"name":"Femi"}"#, #"{"name":"","email":"a@b"}"#, #"{"name":1,"email":"a@b"}"#] {
      #expect(send("POST", "/users", body).status == 422, "\(body)")
    }
  }

  @Test func `A file comes back as it was sent`() {
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
    func put() -> Int {
      api.respond(method: "PUT", path: "/files/photo.jpg", query: "", body: bytes).status
    }
    #expect(put() == 201)
    #expect(put() == 200)
    let file = send("GET", "/files/photo.jpg").response
    #expect(file.body == bytes && file.contentType == "image/jpeg")
    #expect(send("DELETE", "/files/photo.jpg").status == 204)
    #expect(send("DELETE", "/files/photo.jpg").status == 404)
    #expect(send("PUT", "/files/page.html", "<script>").status == 201)
    #expect(send("GET", "/files/page.html").response.contentType == "application/octet-stream")
  }

  @Test(arguments: ["", ".", "..", ".hidden", "a b", "a%2fb", "a\u{0}", "é"])
  func `A file name that could lead elsewhere is refused`(name: String) {
    #expect(send("PUT", "/files/\(name)", "x").status == 400)
  }

  @Test func `A request that fits nothing is refused by the right status`() {
    for path in ["/", "/order", "/orders/1/x", "/orders/", "/users/1/x", "/files/a/b", "/health/x"]
    {
      #expect(send("GET", path).status == 404, "\(path)")
    }
    for path in ["/orders/abc", "/orders/99999999999999999999", "/users/0", "/users/99/orders"] {
      #expect(send("GET", path).status == 404, "\(path)")
    }
    let put = send("PUT", "/orders")
    #expect(put.status == 405 && put.response.fields.map(\.value) == ["GET, POST"])
    #expect(send("POST", "/health").status == 405)
    #expect(put.response.contentType == "application/problem+json")
  }

  @Test(arguments: [
    "", "{", "[]x", #"{"user":2,}"#, #"{"user":2,"user":3}"#, "{'user':2}", "\u{FEFF}{}", "01",
    #""\ud800""#, "\"\u{1}\"", "1.", "-", "1e", "+1", "nul", #"{"a" 1}"#, "// a\n{}",
    String(repeating: "[", count: 18) + String(repeating: "]", count: 18),
    String(repeating: "[", count: 200_000),
  ])
  func `A body that is no JSON is refused`(body: String) {
    #expect(send("POST", "/orders", body).status == 400)
  }

  @Test(arguments: [
    "[]", "null", "1.5e3", #""\ud83d\ude00""#, #"{"user":2}"#, #"{"user":2,"items":[]}"#,
    #"{"user":99,"items":[{"product":"tamper","quantity":1}]}"#,
    #"{"user":2,"items":[{"product":"yacht","quantity":1}]}"#,
    #"{"user":2,"items":[{"product":"tamper","quantity":0}]}"#,
    #"{"user":2,"items":[{"product":"tamper","quantity":101}]}"#,
    #"{"user":2,"items":[{"product":"tamper","quantity":1.5}]}"#,
    #"{"user":2,"items":[1]}"#,
  ])
  func `JSON that is no order is refused`(body: String) {
    #expect(send("POST", "/orders", body).status == 422)
  }

  @Test func `Bytes that are no UTF-8 are no JSON`() {
    let body: [UInt8] = [0x22, 0xC0, 0x80, 0x22]
    #expect(api.respond(method: "POST", path: "/users", query: "", body: body).status == 400)
  }

  @Test func `Escapes are read and written`() {
    let body = #"{"name":"a\"\\\/\n\u0001\u00e9\ud83d\ude00","email":"a@b"}"#
    #expect(
      send("POST", "/users", body).text
        == "{\"id\":6,\"name\":\"a\\\"\\\\/\\n\\u0001\u{E9}\u{1F600}\",\"email\":\"a@b\"}\n")
  }

  @Test func `What is kept has a limit`() {
    let large = [UInt8](repeating: 0, count: DemoAPI.bodyBytesMax + 1)
    #expect(api.respond(method: "PUT", path: "/files/a", query: "", body: large).status == 413)
    for number in 0..<63 { #expect(send("PUT", "/files/f\(number)").status == 201) }
    #expect(send("PUT", "/files/more").status == 507)
    for _ in 0..<995 { #expect(send("POST", "/orders", line).status == 201) }
    #expect(send("POST", "/orders", line).status == 507)
  }

  @Test func `Two instances share nothing`() {
    _ = send("POST", "/orders", line)
    #expect(
      DemoAPI().respond(method: "GET", path: "/orders/1006", query: "", body: []).status == 404)
  }

  @Test func `Many threads at once lose no order`() async {
    let api = api
    let body = Array(line.utf8)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          for _ in 0..<50 {
            _ = api.respond(method: "POST", path: "/orders", query: "", body: body)
          }
        }
      }
    }
    #expect(send("GET", "/orders").text.hasSuffix("\"total\":405}\n"))
  }

  @Test func `The description names every operation there is`() throws {
    let document = send("GET", "/openapi.yaml")
    #expect(document.response.contentType == "application/yaml")
    let lines = document.text.split(separator: "\n")
    let begin = try #require(lines.firstIndex(of: "paths:"))
    let end = try #require(lines.firstIndex(of: "components:"))
    var path = ""
    var operations = 0
    for line in lines[begin..<end] {
      let key = line.drop { $0 == " " }.prefix { $0 != ":" }
      if line.hasPrefix("  /") {
        path = String(key).replacing("orders/{id}", with: "orders/1003").replacing(
          "{id}", with: "1"
        ).replacing(
          "{name}", with: "opening-hours.txt")
      }
      guard line.hasPrefix("    "), !line.hasPrefix("     "), key != "parameters" else { continue }
      operations += 1
      let status = send(key.uppercased(), path).status
      #expect(status != 404 && status != 405, "\(key) \(path)")
    }
    #expect(operations == 14)
  }
}
