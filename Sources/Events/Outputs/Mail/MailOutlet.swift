import Formats
import Telemetry

/// Findings as e-mail, by SMTP (RFC 5321): one message for what comes together.
final class MailOutlet: Outlet {
  /// Findings that stand in one message; of more, the number is told.
  private static let findingsMax = 50
  /// Longest line of a reply, and lines of one (RFC 5321 §4.5.3.1.5).
  private static let replyBytesMax = 512
  private static let replyLinesMax = 100

  private let mail: EventOutputs.Mail
  private let node: String
  private let dial: () throws(OutletError) -> ByteStream

  /// An outlet that connects by `dial`.
  init(
    _ mail: EventOutputs.Mail, node: String,
    dial: @escaping () throws(OutletError) -> ByteStream
  ) {
    self.mail = mail
    self.node = node
    self.dial = dial
  }

  func send(_ batch: OutletBatch) throws(OutletError) {
    var (subject, text, last, count) = ("", "", UInt64(0), 0)
    batch.forEach { event in
      guard event.kind == .finding else { return }
      count += 1
      last = max(last, event.wallMilliseconds)
      if subject.isEmpty { subject = event.string(.reason) }
      if count <= MailOutlet.findingsMax { text += MailOutlet.lines(event) }
    }
    if count == 0 { return }
    if count > MailOutlet.findingsMax { text += "and \(count - MailOutlet.findingsMax) more\n" }
    let more = count > 1 ? " (and \(count - 1) more)" : ""
    let message = MailMessage(from: mail.from, to: mail.to, number: batch.number).bytes(
      subject: "[gatehouse \(node)] \(subject)\(more)", text: text, milliseconds: last)
    var dialogue = SMTPDialogue(
      name: node, from: mail.from, to: mail.to, credentials: mail.credentials, message: message)
    let stream = try dial()
    while true {
      switch try dialogue.next(try reply(stream)) {
      case .send(let bytes): try stream.write(bytes)
      case .done: return try stream.write(Array("QUIT\r\n".utf8))
      }
    }
  }

  /// The code of a reply, of however many lines (RFC 5321 §4.2).
  private func reply(_ stream: ByteStream) throws(OutletError) -> Int {
    for _ in 0..<MailOutlet.replyLinesMax {
      let line = try stream.readLine(bytesMax: MailOutlet.replyBytesMax)
      guard line.count >= 3, let code = Int(String(decoding: line.prefix(3), as: UTF8.self)),
        (200...599).contains(code)
      else { throw OutletError("does not speak SMTP") }
      if line.count == 3 || line[3] != UInt8(ascii: "-") { return code }
    }
    throw OutletError("does not end its reply")
  }

  private static func lines(_ event: borrowing Event) -> String {
    var text = "\(EventFacts.time(event.wallMilliseconds))  \(event.string(.reason))\n"
    for (name, value) in [
      ("detector", event.string(.policy)), ("evidence", event.string(.detail)),
      ("service", event.string(.service)), ("consumer", event.string(.consumer)),
    ] where !value.isEmpty { text += "  \(name): \(value)\n" }
    return text + "  severity: \(event.severity) of 5\n\n"
  }
}
