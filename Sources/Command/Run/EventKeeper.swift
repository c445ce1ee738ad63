import Base
import Blueprint
import Client
import Crypto
import Events
import Formats
import Runtime
import Synchronization
import TLS
import Telemetry

/// What becomes of the events as the configuration has it: the store, and the outputs.
///
/// What a reload leaves as it is goes on undisturbed; the rest ends in its own time.
final class EventKeeper: Sendable {
  private struct State {
    var store: EventStore?
    var outputs: [(key: String, output: EventOutput)] = []
    var lostBefore: UInt64 = 0
  }

  /// How long a store may take to end.
  private static let endMilliseconds = 5000

  /// All events of the process.
  let stream: EventStream
  private let state = Mutex(State())
  /// The metrics, for outputs that send them.
  private let exposition = Mutex<(@Sendable () -> [UInt8])?>(nil)
  private let beganUnixSeconds = Clock.wallMilliseconds / 1000

  /// No reader yet; the stream's name is that of the first configuration.
  init(_ blueprint: EventsBlueprint) {
    stream = EventStream(node: blueprint.node ?? ProcessFacts.hostName)
  }

  /// Brings store and outputs to what a blueprint says; what cannot be had is thrown, and then all
  /// that was there goes on. Relative paths are beside the file at `path`.
  func change(
    to blueprint: EventsBlueprint, masking names: [String], beside path: String
  ) throws(EventsError) {
    let folder = Folder(of: path)
    let (oldStore, old) = state.withLock { ($0.store, $0.outputs) }
    let wanted = blueprint.store.map { EventKeeper.settings($0, folder, stream.node) }
    let isSameStore = oldStore?.settings == wanted
    var made: [(key: String, output: EventOutput)] = []
    for output in blueprint.outputs {
      let key = EventKeeper.key(output, stream.node)
      if let kept = old.first(where: { $0.key == key }) {
        made.append(kept)
      } else {
        made.append((key, try self.output(output, folder, blueprint)))
      }
    }
    let store = isSameStore ? oldStore : try replace(oldStore, by: wanted)
    stream.mask(names)
    for (key, output) in made where !old.contains(where: { $0.key == key }) {
      guard stream.attach(output) else {
        throw EventsError("the output \(output.name) has no thread")
      }
    }
    if let store, !isSameStore {
      guard stream.attach(store) else { throw EventsError("the store of events has no thread") }
    }
    for (key, output) in old where !made.contains(where: { $0.key == key }) {
      stream.detach(output)
    }
    let (newStore, outputs) = (store, made)
    state.withLock { ($0.store, $0.outputs) = (newStore, outputs) }
  }

  /// Ends a store and opens the next one: a folder has one writer. If that cannot be had, the old
  /// one begins anew.
  private func replace(
    _ old: EventStore?, by wanted: EventStoreSettings?
  ) throws(EventsError) -> EventStore? {
    if let old { stream.detach(old, waitingMilliseconds: EventKeeper.endMilliseconds) }
    guard let wanted else { return nil }
    do throws(EventsError) {
      return try EventStore(wanted)
    } catch {
      if let old, let again = try? EventStore(old.settings), stream.attach(again) {
        state.withLock { $0.store = again }
      }
      throw error
    }
  }

  /// Has outputs that send metrics ask here from now on.
  func tell(metrics: @escaping @Sendable () -> [UInt8]) {
    exposition.withLock { $0 = metrics }
  }

  /// What came of the events, for the metrics.
  var counts: EventMetrics {
    let (store, outputs) = state.withLock { ($0.store, $0.outputs) }
    return EventMetrics(
      streams: stream.counts, storeLost: store?.lost,
      outputs: outputs.map { output in
        let counts = output.output.counts
        return EventMetrics.Output(
          name: output.output.name, sent: counts.sent, rejected: counts.rejected,
          lost: counts.lost, failures: counts.failures, waitingBytes: counts.waitingBytes)
      })
  }

  /// Lets go of the store and of the outputs' queues, of which each has one owner.
  func release() {
    let (store, outputs) = state.withLock { state in
      defer { (state.store, state.outputs) = (nil, []) }
      return (state.store, state.outputs)
    }
    if let store { stream.detach(store, waitingMilliseconds: EventKeeper.endMilliseconds) }
    for output in outputs {
      stream.detach(output.output, waitingMilliseconds: EventKeeper.endMilliseconds)
    }
  }

  /// Has all of them finish.
  func close() { stream.close() }

  // MARK: Making

  private static func settings(
    _ store: EventsBlueprint.Store, _ folder: Folder, _ node: String
  ) -> EventStoreSettings {
    var settings = EventStoreSettings(
      folder: folder.path(store.path.string), bytesMax: store.sizeBytes,
      ageMilliseconds: store.ageMilliseconds.map { UInt64($0) })
    settings.node = node
    return settings
  }

  /// What tells one output from another: all that it is made of.
  private static func key(_ output: EventOutputBlueprint, _ node: String) -> String {
    "\(node) \(output.name) \(output.target) \(output.form) \(output.selection) "
      + "\(output.queueBytes) \(output.authorities?.string ?? "") "
      + output.fields.map { "\($0.name)=\($0.value.string)" }.joined(separator: ",")
  }

  private func output(
    _ output: EventOutputBlueprint, _ folder: Folder, _ blueprint: EventsBlueprint
  ) throws(EventsError) -> EventOutput {
    var settings = EventOutputSettings(name: output.name)
    settings.queueBytes = output.queueBytes
    // Beside the store, else beside the configuration.
    let place = blueprint.store.map { folder.path($0.path.string) } ?? folder.path("events")
    settings.queueFolder = "\(place).queues/\(output.name)"
    settings.selection =
      switch output.selection {
      case .all: .all
      case .notable: .notable
      case .findings: .findings
      }
    let form: EventForm =
      switch output.form {
      case .json: .json
      case .ecs: .ecs
      case .ocsf: .ocsf
      }
    let tls = try EventKeeper.tls(output, folder)
    switch output.target {
    case .file(let path, let rotateBytes, let keep):
      return try EventOutputs.file(
        settings, path: folder.path(path.string), form: form, node: stream.node,
        rotateBytes: rotateBytes, keep: keep)
    case .webhook(let url, let secret):
      return try EventOutputs.webhook(
        settings, try EventKeeper.remote(output, url, tls), form: form, node: stream.node,
        secret: secret.map { Array($0.string.utf8) })
    case .clickhouse(let url, let table, let user, let password):
      var remote = try EventKeeper.remote(output, url, tls)
      if let user { remote.fields.append(("x-clickhouse-user", user.string)) }
      if let password { remote.fields.append(("x-clickhouse-key", password.string)) }
      return try EventOutputs.clickHouse(settings, remote, table: table, node: stream.node)
    case .otlp(let url, let told):
      var what = EventOutputs.OTLP(version: Gatehouse.version)
      (what.hasLogs, what.hasTraces, what.sample) = (told.hasLogs, told.hasTraces, told.sample)
      what.metrics = told.metricsMilliseconds.map { milliseconds in
        EventOutputs.OTLP.Metrics(every: milliseconds, since: beganUnixSeconds) { [self] in
          exposition.withLock { $0 }?() ?? []
        }
      }
      return try EventOutputs.otlp(
        settings, try EventKeeper.remote(output, url, tls), what, node: stream.node)
    case .kafka(let brokers, let topic, let isSecure, let user, let password):
      var kafka = EventOutputs.Kafka(brokers: brokers.string, topic: topic, isSecure: isSecure)
      kafka.authorities = output.authorities.map { folder.path($0.string) }
      if let user, let password { kafka.credentials = (user.string, password.string) }
      return try EventOutputs.kafka(settings, kafka, form: form, node: stream.node)
    case .mail(let host, let port, let isSecure, let from, let to, let user, let password):
      var mail = EventOutputs.Mail(host: host.string, port: port, from: from, to: to)
      if let user, let password { mail.credentials = (user.string, password.string) }
      settings.selection = .findings
      return try EventOutputs.mail(
        settings, mail, tls: isSecure ? tls : nil, node: stream.node)
    case .syslog(let host, let port, let isSecure):
      return try EventOutputs.syslog(
        settings, host: host.string, port: port, tls: isSecure ? tls : nil, form: form,
        node: stream.node)
    }
  }

  private static func remote(
    _ output: EventOutputBlueprint, _ url: Text, _ tls: TLSClientContext
  ) throws(EventsError) -> EventOutputs.Remote {
    // The operator chose the address, so private ones are allowed; redirects are not followed.
    guard let client = try? Client(ClientConfiguration(egress: .any, tls: tls)) else {
      throw EventsError("the output \(output.name) has no thread")
    }
    return EventOutputs.Remote(
      client: client, url: url.string, fields: output.fields.map { ($0.name, $0.value.string) })
  }

  private static func tls(
    _ output: EventOutputBlueprint, _ folder: Folder
  ) throws(EventsError) -> TLSClientContext {
    do {
      guard let path = output.authorities else {
        return try TLSClientContext(TLSClientSettings(verification: .full(try TrustStore())))
      }
      let pem = try SystemFile.read(folder.path(path.string), bytesMax: 1 << 20)
      let trust = try TrustStore(authorities: try Certificate.all(pem: pem.span))
      return try TLSClientContext(TLSClientSettings(verification: .full(trust)))
    } catch {
      throw EventsError("the authorities of the output \(output.name): \(error)")
    }
  }
}
