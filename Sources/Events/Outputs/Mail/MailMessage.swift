import Base
import Formats
import Telemetry

/// Findings as one message (RFC 5322, RFC 2045): plain text in base64, so that nothing in it can
/// end a line, a header or the message.
struct MailMessage {
  let from: String
  let to: [String]
  /// What names the message over all tries.
  let number: UInt64

  private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// The text of it, with the dot that ends it (RFC 5321 §4.5.2); no line begins with a dot.
  func bytes(subject: String, text: String, milliseconds: UInt64) -> [UInt8] {
    let domain = from.split(separator: "@").last.map(String.init) ?? "localhost"
    let plain = String(
      subject.unicodeScalars.map { (0x20..<0x7F).contains($0.value) ? Character($0) : "?" }
        .prefix(120))
    var lines = [
      "From: Gatehouse <\(from)>", "To: \(to.joined(separator: ",\r\n "))",
      "Subject: \(plain)", "Date: \(MailMessage.date(milliseconds))",
      "Message-ID: <gatehouse.\(milliseconds).\(number)@\(domain)>", "MIME-Version: 1.0",
      "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64",
      "Auto-Submitted: auto-generated", "",
    ]
    var rest = Base64.encode(Array(text.utf8).span, .standard)[...]
    while !rest.isEmpty {
      lines.append(String(rest.prefix(76)))
      rest = rest.dropFirst(76)
    }
    return Array((lines.joined(separator: "\r\n") + "\r\n.\r\n").utf8)
  }

  /// As RFC 5322 §3.3 has it, in UTC.
  static func date(_ milliseconds: UInt64) -> String {
    let text = Array(Timestamp.text(Int(clamping: milliseconds)))
    let day = days[Int(milliseconds / 86_400_000 % 7)]
    let month = (Int(String(text[5...6])) ?? 1) - 1
    return
      "\(day), \(String(text[8...9])) \(months[month]) \(String(text[0...3])) "
      + "\(String(text[11...18])) +0000"
  }
}
