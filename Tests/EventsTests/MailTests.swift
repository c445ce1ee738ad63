import Formats
import Foundation
import Testing

@testable import Events

/// Findings as e-mail: the conversation, and what the message holds.
@Suite struct MailTests {
  private func dialogue(to: [String] = ["a@x.test", "b@x.test"]) -> SMTPDialogue {
    SMTPDialogue(
      name: "node", from: "g@x.test", to: to, message: Array("text\r\n.\r\n".utf8))
  }

  private func text(_ step: SMTPDialogue.Step) -> String {
    if case .send(let bytes) = step { String(decoding: bytes, as: UTF8.self) } else { "done" }
  }

  @Test func `A conversation goes its way`() throws {
    var dialogue = dialogue()
    var said: [String] = []
    for code in [220, 250, 250, 250, 251, 354, 250] { said.append(text(try dialogue.next(code))) }
    #expect(
      said == [
        "EHLO node\r\n", "MAIL FROM:<g@x.test>\r\n", "RCPT TO:<a@x.test>\r\n",
        "RCPT TO:<b@x.test>\r\n", "DATA\r\n", "text\r\n.\r\n", "done",
      ])
  }

  @Test func `A recipient that is refused keeps the message from none of the others`() throws {
    var dialogue = dialogue()
    for code in [220, 250, 250, 550] { _ = try dialogue.next(code) }
    #expect(text(try dialogue.next(250)) == "DATA\r\n")
    var none = self.dialogue()
    for code in [220, 250, 250, 550] { _ = try none.next(code) }
    #expect(throws: OutletError.self) { try none.next(550) }
  }

  @Test func `What is refused for good is not tried again, and what is not now is`() throws {
    for (code, isFinal) in [(554, true), (451, false), (421, false)] {
      var dialogue = dialogue()
      _ = try dialogue.next(220)
      _ = try dialogue.next(250)
      do {
        _ = try dialogue.next(code)
        Issue.record("taken")
      } catch {
        #expect(error.isFinal == isFinal)
      }
    }
  }

  @Test func `A password is told once the server has greeted, encoded`() throws {
    var dialogue = SMTPDialogue(
      name: "node", from: "g@x.test", to: ["a@x.test"], credentials: ("me", "secret"),
      message: [])
    _ = try dialogue.next(220)
    #expect(text(try dialogue.next(250)) == "AUTH PLAIN AG1lAHNlY3JldA==\r\n")
    #expect(text(try dialogue.next(235)) == "MAIL FROM:<g@x.test>\r\n")
  }

  /// LOG-02, INJ-05: nothing that others chose ends a header, a line or the message.
  @Test func `A message holds its text whatever stands in it`() throws {
    let odd = "a\r\n.\r\nRCPT TO:<evil@x.test>\r\n\u{202E}ü"
    let bytes = MailMessage(from: "g@x.test", to: ["a@x.test"], number: 3).bytes(
      subject: "one\r\nBcc: evil@x.test", text: odd, milliseconds: 1_770_091_506_789)
    let message = String(decoding: bytes, as: UTF8.self)
    let (head, body) = (
      message.components(separatedBy: "\r\n\r\n")[0],
      message.components(separatedBy: "\r\n\r\n").dropFirst().joined()
    )
    #expect(head.contains("Subject: one??Bcc: evil@x.test\r\n"))
    #expect(!head.contains("\r\nBcc"))
    #expect(head.contains("Date: Tue, 03 Feb 2026 04:05:06 +0000"))
    #expect(message.hasSuffix("\r\n.\r\n") && body.components(separatedBy: "\r\n.\r\n").count == 2)
    let encoded = body.replacing("\r\n.\r\n", with: "").replacing("\r\n", with: "")
    #expect(Base64.decode(Array(encoded.utf8).span, .standard) == Array(odd.utf8))
    #expect(message.split(separator: "\r\n").allSatisfy { $0.utf8.count <= 200 })
  }
}
