public import Formats

/// Somewhere events are sent.
public struct EventOutputBlueprint: Sendable {
  /// Where, and by what.
  public enum Target: Sendable {
    /// Lines of JSON in a file; the path is as written. Rotated files are compressed.
    case file(Text, rotateBytes: Int, keep: Int)
    /// A POST of a JSON array; signed if there is a secret.
    case webhook(Text, secret: Text?)
    /// RFC 5424 over TCP or TLS, by octet counting.
    case syslog(host: Text, port: UInt16, isSecure: Bool)
    /// E-mail about findings, by SMTP; over TLS from the beginning if it is secure.
    case mail(
      host: Text, port: UInt16, isSecure: Bool, from: String, to: [String], user: Text?,
      password: Text?)
    /// OTLP over HTTP in protocol buffers.
    case otlp(Text, OTLP)
    /// The HTTP interface of ClickHouse.
    case clickhouse(Text, table: String, user: Text?, password: Text?)
    /// A topic of Kafka; brokers are hosts with ports, separated by commas.
    case kafka(Text, topic: String, isSecure: Bool, user: Text?, password: Text?)
  }

  /// What is sent by OTLP.
  public struct OTLP: Sendable {
    /// Whether log records are.
    public var hasLogs = true
    /// Whether spans are.
    public var hasTraces = true
    /// How often the metrics are sent; nil for never.
    public var metricsMilliseconds: Int?
    /// The share of traces that is kept.
    public var sample = 1.0
  }

  /// How an event is written.
  public enum Form: String, CaseIterable, Sendable { case json, ecs, ocsf }

  /// Which events are sent.
  public enum Selection: String, CaseIterable, Sendable {
    case all
    /// What was refused, turned away, or failed, and findings.
    case notable
    /// Findings alone.
    case findings
  }

  /// What messages and metrics call it.
  public var name: String
  public var target: Target
  public var form = Form.json
  public var selection = Selection.all
  /// How much waits on disk while the other side does not take it; 0 for none.
  public var queueBytes = 256 << 20
  /// A file of certificates whose word counts beside those of the system; the path is as written.
  public var authorities: Text?
  /// Fields that go with each request.
  public var fields: [(name: String, value: Text)] = []
  /// Where it stands in the file.
  public var position: Position
}
