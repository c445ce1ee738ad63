import Demo
import HTTP
import Testing

struct DemoResponderTests {
  @Test func `The demo answers as a service`() {
    let request = ServiceRequest(method: "GET", path: "/health", query: "", fields: [], body: [])
    let response = DemoResponder().respond(to: request)
    #expect(response.status == 200)
    #expect(response.fields.contains { $0 == ("content-type", "application/json") })
  }

  @Test func `Names of fields are in lower case`() {
    let request = ServiceRequest(method: "TRACE", path: "/orders", query: "", fields: [], body: [])
    let response = DemoResponder().respond(to: request)
    #expect(response.status == 405)
    #expect(response.fields.contains { $0.name == "allow" })
  }
}
