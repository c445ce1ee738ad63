import Foundation

/// A broker of Kafka that speaks its protocol and keeps topics in memory, with a consumer that writes
/// each message to a file: the test cluster of librdkafka, in a process of its own.
final class KafkaBroker {
  let port: Int
  private let folder: URL
  private let process = Process()

  private static let program = """
    import sys, time
    from confluent_kafka import Consumer, Producer
    topic, folder = sys.argv[1], sys.argv[2]
    cluster = Producer({'test.mock.num.brokers': 1, 'bootstrap.servers': 'none', 'log_level': 0})
    address = str(next(iter(cluster.list_topics(timeout=10).brokers.values())))
    cluster.produce(topic, b'first')
    cluster.flush(10)
    address = address.rpartition('/')[0] if '/' in address else address
    reader = Consumer({'bootstrap.servers': address, 'group.id': 'test', 'log_level': 0,
                       'auto.offset.reset': 'earliest'})
    reader.subscribe([topic])
    with open(folder + '/address', 'w') as file:
        file.write(address + '\\n')
    with open(folder + '/messages', 'ab', buffering=0) as out:
        while True:
            message = reader.poll(0.5)
            if message is not None and not message.error():
                out.write(message.value() + b'\\n')
    """

  /// A broker with a topic, once it answers; `python` has librdkafka's own package.
  init(topic: String, python: URL) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "kafka-\(UUID())")
    self.folder = folder
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    process.executableURL = python
    process.arguments = ["-c", KafkaBroker.program, topic, folder.path]
    try process.run()
    func address() -> String? {
      let text = try? String(contentsOf: folder.appending(path: "address"), encoding: .utf8)
      return text?.split(separator: "\n").first.map(String.init)
    }
    try Waiting.until("the broker") { address() != nil }
    port = address()?.split(separator: ":").last.flatMap { Int($0) } ?? 0
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    try? FileManager.default.removeItem(at: folder)
  }

  /// The messages that were read so far, but for the one that the topic was made with.
  var messages: [Data] {
    let all = try? Data(contentsOf: folder.appending(path: "messages"))
    return (all ?? Data()).split(separator: UInt8(ascii: "\n")).filter { $0 != Data("first".utf8) }
      .map { Data($0) }
  }
}
