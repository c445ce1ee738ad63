import Base
import Formats
import Telemetry

/// Events as messages of a topic of Kafka, one each, by librdkafka.
///
/// A batch is taken when all of its messages are acknowledged by all replicas that are in sync; the
/// library numbers them, so that its own tries write none twice. A batch that was taken in part is
/// sent whole again: at least once, as by all outputs.
final class KafkaOutlet: Outlet {
  /// How long the brokers may take for a batch, in milliseconds.
  private static let milliseconds: Int32 = 10_000

  private let kafka: EventOutputs.Kafka
  private let form: EventForm
  private let node: String
  private var producer: KafkaProducer?

  init(_ kafka: EventOutputs.Kafka, form: EventForm, node: String) {
    self.kafka = kafka
    self.form = form
    self.node = node
  }

  func send(_ batch: OutletBatch) throws(OutletError) {
    let producer = try ready()
    producer.begin()
    var text = ByteBuffer()
    var failure: OutletError?
    let count = batch.forEach { event in
      if failure != nil { return }
      text.clear()
      var writer = JSONWriter(text)
      form.append(event, node: node, to: &writer)
      text = writer.take()
      do throws(OutletError) { try producer.put(text.readable) } catch { failure = error }
    }
    if let failure {
      producer.drop()
      throw failure
    }
    try producer.finish(count, milliseconds: KafkaOutlet.milliseconds)
  }

  private func ready() throws(OutletError) -> KafkaProducer {
    if let producer { return producer }
    let made = try KafkaProducer(settings, topic: kafka.topic)
    producer = made
    return made
  }

  /// The settings of the library by its own names.
  private var settings: [(name: String, value: String)] {
    var settings = [
      ("bootstrap.servers", kafka.brokers), ("client.id", "gatehouse-\(node)"),
      ("acks", "all"), ("enable.idempotence", "true"), ("linger.ms", "5"),
      ("compression.codec", "lz4"), ("message.timeout.ms", "\(KafkaOutlet.milliseconds)"),
      // A batch is half a MiB of events, and grows by its form: all of it has room.
      ("queue.buffering.max.messages", "100000"), ("queue.buffering.max.kbytes", "65536"),
      ("log_level", "0"),
    ]
    let isKnown = kafka.credentials != nil
    let channel = kafka.isSecure ? "ssl" : "plaintext"
    settings.append(("security.protocol", isKnown ? "sasl_\(channel)" : channel))
    if let path = kafka.authorities { settings.append(("ssl.ca.location", path)) }
    if let (user, password) = kafka.credentials {
      settings += [
        ("sasl.mechanism", "SCRAM-SHA-512"), ("sasl.username", user), ("sasl.password", password),
      ]
    }
    return settings
  }
}
