import Base
package import Client
import Runtime
package import TLS

/// Makes outputs of every kind.
package enum EventOutputs {
  /// What outputs by HTTP have in common.
  package struct Remote: Sendable {
    package var client: Client
    package var url: String
    package var fields: [(name: String, value: String)]

    /// Requests to a URL by a client, with these fields.
    package init(client: Client, url: String, fields: [(name: String, value: String)] = []) {
      self.client = client
      self.url = url
      self.fields = fields
    }

    fileprivate func sender(_ name: String) throws(EventsError) -> @Sendable () -> HTTPSender? {
      guard ClientOrigin.split(url) != nil else {
        throw EventsError("the output \(name) has no URL of http or https")
      }
      return { [self] in HTTPSender(client, url: url, fields: fields) }
    }
  }

  /// Whom findings are written to, and by which server.
  package struct Mail: Sendable {
    package var host: String
    package var port: UInt16
    package var from: String
    package var to: [String]
    /// By what the server knows us.
    package var credentials: (user: String, password: String)?

    /// Mail by a server.
    package init(
      host: String, port: UInt16, from: String, to: [String],
      credentials: (user: String, password: String)? = nil
    ) {
      self.host = host
      self.port = port
      self.from = from
      self.to = to
      self.credentials = credentials
    }
  }

  /// A topic of Kafka, and how its brokers are reached.
  package struct Kafka: Sendable {
    /// Names or addresses with ports, separated by commas.
    package var brokers: String
    package var topic: String
    package var isSecure: Bool
    /// A file of certificates whose word counts; nil for those of the system.
    package var authorities: String?
    /// By what the brokers know us (SCRAM-SHA-512).
    package var credentials: (user: String, password: String)?

    /// A topic.
    package init(brokers: String, topic: String, isSecure: Bool) {
      self.brokers = brokers
      self.topic = topic
      self.isSecure = isSecure
    }
  }

  /// What a collector of OpenTelemetry gets.
  package struct OTLP: Sendable {
    /// The gateway's metrics, and how often they are sent.
    package struct Metrics: Sendable {
      let exposition: @Sendable () -> [UInt8]
      let milliseconds: Int
      let beganUnixSeconds: UInt64

      /// `exposition` gives them in Prometheus' text format, and is called on the output's thread.
      package init(
        every milliseconds: Int, since beganUnixSeconds: UInt64,
        _ exposition: @escaping @Sendable () -> [UInt8]
      ) {
        self.milliseconds = milliseconds
        self.beganUnixSeconds = beganUnixSeconds
        self.exposition = exposition
      }
    }

    package var version: String
    package var hasLogs = true
    package var hasTraces = true
    /// Nil for none.
    package var metrics: Metrics?
    /// The share of the traces that are kept, beside all that failed.
    package var sample = 1.0

    /// Logs and traces, all of them.
    package init(version: String) { self.version = version }
  }

  /// Messages of a topic of Kafka.
  package static func kafka(
    _ settings: EventOutputSettings, _ kafka: Kafka, form: EventForm, node: String
  ) throws(EventsError) -> EventOutput {
    try EventOutput(settings) { KafkaOutlet(kafka, form: form, node: node) }
  }

  /// Lines in a file.
  package static func file(
    _ settings: EventOutputSettings, path: String, form: EventForm, node: String,
    rotateBytes: Int, keep: Int
  ) throws(EventsError) -> EventOutput {
    try EventOutput(settings) {
      FileOutlet(path: path, form: form, node: node, rotateBytes: rotateBytes, keep: keep)
    }
  }

  /// A JSON array by POST, signed with the secret if there is one.
  package static func webhook(
    _ settings: EventOutputSettings, _ remote: Remote, form: EventForm, node: String,
    secret: [UInt8]?
  ) throws(EventsError) -> EventOutput {
    let sender = try remote.sender(settings.name)
    return try EventOutput(settings) {
      guard let sender = sender() else { return NowhereOutlet() }
      return WebhookOutlet(sender, form: form, node: node, secret: secret)
    }
  }

  /// Rows of a table of ClickHouse.
  package static func clickHouse(
    _ settings: EventOutputSettings, _ remote: Remote, table: String, node: String
  ) throws(EventsError) -> EventOutput {
    let sender = try remote.sender(settings.name)
    return try EventOutput(settings) {
      guard let sender = sender() else { return NowhereOutlet() }
      return ClickHouseOutlet(sender, table: table, node: node)
    }
  }

  /// Log records, spans and metrics to a collector of OpenTelemetry.
  package static func otlp(
    _ settings: EventOutputSettings, _ remote: Remote, _ what: OTLP, node: String
  ) throws(EventsError) -> EventOutput {
    let sender = try remote.sender(settings.name)
    return try EventOutput(settings) { OTLPOutlet(what, node: node, sender) }
  }

  /// E-mail about findings, by SMTP; over TLS from the beginning if there is a context for it.
  package static func mail(
    _ settings: EventOutputSettings, _ mail: Mail, tls: TLSClientContext?, node: String
  ) throws(EventsError) -> EventOutput {
    guard let address = HostAddress(mail.host) else {
      throw EventsError("the output \(settings.name) has no host: \(mail.host)")
    }
    let names = try NameLookup(settings.name)
    return try EventOutput(settings) {
      MailOutlet(mail, node: node) { () throws(OutletError) in
        try names.connect(address, port: mail.port, tls: tls)
      }
    }
  }

  /// Messages of syslog; over TLS if there is a context for it.
  package static func syslog(
    _ settings: EventOutputSettings, host: String, port: UInt16, tls: TLSClientContext?,
    form: EventForm, node: String
  ) throws(EventsError) -> EventOutput {
    guard let address = HostAddress(host) else {
      throw EventsError("the output \(settings.name) has no host: \(host)")
    }
    let names = try NameLookup(settings.name)
    return try EventOutput(settings) {
      SyslogOutlet(form: form, node: node) { () throws(OutletError) in
        try names.connect(address, port: port, tls: tls)
      }
    }
  }
}

/// Stands where an outlet cannot be: what comes waits.
private final class NowhereOutlet: Outlet {
  func send(_ batch: OutletBatch) throws(OutletError) { throw OutletError("has no address") }
}
