import Base
import Crypto
import Formats
import Runtime
import Telemetry

/// Events as a JSON array, by POST, signed so that whoever gets it can tell that it is ours and
/// now.
///
/// The signature is HMAC-SHA-256 over the time, a dot and the content. `Gatehouse-Delivery` is the
/// same over all tries, so that the other side can tell what it has got already (SSR-12).
final class WebhookOutlet: Outlet {
  private let sender: HTTPSender
  private let form: EventForm
  private let node: String
  private let key: HMACSHA256?

  init(_ sender: HTTPSender, form: EventForm, node: String, secret: [UInt8]?) {
    self.sender = sender
    self.form = form
    self.node = node
    key = secret.flatMap { try? HMACSHA256(key: $0.span) }
  }

  func send(_ batch: OutletBatch) throws(OutletError) {
    var writer = JSONWriter()
    writer.beginArray()
    var name = ""
    let count = batch.forEach { event in
      if name.isEmpty { name = EventFacts.name(event, node: node) }
      form.append(event, node: node, to: &writer)
    }
    if count == 0 { return }
    writer.endArray()
    let body = writer.bytes
    let seconds = "\(Clock.wallMilliseconds / 1000)"
    var fields = [
      (name: "content-type", value: "application/json"),
      (name: "user-agent", value: "gatehouse-events"),
      (name: "gatehouse-delivery", value: name), (name: "gatehouse-timestamp", value: seconds),
    ]
    if let key {
      let signed = Array("\(seconds).".utf8) + body
      fields.append(("gatehouse-signature", "v1=\(key.authenticate(signed.span).hex)"))
    }
    try sender.post(body, fields: fields)
  }
}
