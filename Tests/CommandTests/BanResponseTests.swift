import Base
import Blueprint
import PolicyKit
import Testing

@testable import Command
@testable import Detection

/// Whom an alert keeps out, and whom it does not.
@Suite struct BanResponseTests {
  private let book = BanBook()

  private func respond(
    _ subject: AlertSubject, _ address: String, consumer: String = ""
  ) -> String? {
    var alert = Alert(
      id: "a1", detector: .keyGuessing, severity: .high, title: "t", subject: subject,
      name: address, firstMilliseconds: 1, lastMilliseconds: 1, figures: [])
    alert.client = IPAddress(address)
    alert.consumer = consumer
    return BanResponse(book: book).respond(to: alert, forMilliseconds: 60_000)
  }

  private func isOut(_ address: String) -> Bool {
    IPAddress(address).map { book.until($0, nowMilliseconds: 1) > 0 } ?? false
  }

  @Test func `The address or network of an alert is kept out, and it is said how that ends`() {
    #expect(respond(.address, "192.0.2.7")?.contains("gatehouse bans lift 192.0.2.7") == true)
    #expect(isOut("192.0.2.7") && !isOut("192.0.2.8"))
    #expect(respond(.network, "198.51.100.9")?.contains("198.51.100.0/24") == true)
    #expect(isOut("198.51.100.77") && !isOut("198.51.101.77"))
  }

  @Test func `Callers with a name, services and the machine itself are not kept out`() {
    #expect(respond(.caller, "203.0.113.1", consumer: "shop") == nil)
    #expect(respond(.service, "203.0.113.1") == nil)
    #expect(respond(.credential, "203.0.113.1") == nil)
    #expect(respond(.address, "127.0.0.1") == nil)
    #expect(!isOut("203.0.113.1") && !isOut("127.0.0.1"))
    #expect(respond(.caller, "203.0.113.2") != nil && isOut("203.0.113.2"))
  }
}
