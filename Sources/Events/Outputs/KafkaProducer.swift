import CKafka

/// A producer of librdkafka, for one topic; used by one thread.
@safe
final class KafkaProducer {
  /// The longest reason that the library gives.
  private static let reasonBytes = 512

  private let library: UnsafeMutablePointer<kafka_library>
  private let counts: UnsafeMutablePointer<kafka_counts>
  private let client: UnsafeMutableRawPointer
  private let topic: UnsafeMutableRawPointer

  /// A producer with these settings of the library; throws in words that follow an output's name.
  init(_ settings: [(name: String, value: String)], topic name: String) throws(OutletError) {
    // Safety: all memory made here is this object's, and goes with it; texts live for the calls,
    // which copy them.
    unsafe library = .allocate(capacity: 1)
    unsafe counts = .allocate(capacity: 1)
    unsafe counts.initialize(to: kafka_counts())
    unsafe library.initialize(to: kafka_library())
    guard unsafe kafka_load(library) != 0 else {
      unsafe library.deallocate()
      unsafe counts.deallocate()
      throw OutletError("needs librdkafka, which is not installed")
    }
    var reason = [CChar](repeating: 0, count: KafkaProducer.reasonBytes)
    // Safety: as above.
    let texts = unsafe settings.flatMap { unsafe [strdup($0.name), strdup($0.value)] }
    defer { unsafe texts.forEach { unsafe free($0) } }
    let pairs = unsafe texts.map { unsafe UnsafePointer($0) }
    // Safety: as above.
    let made = unsafe kafka_producer(
      library, pairs, Int32(settings.count), counts, &reason, reason.count)
    guard let made = unsafe made else {
      unsafe library.deallocate()
      unsafe counts.deallocate()
      let end = reason.firstIndex(of: 0) ?? reason.count
      let words = String(decoding: reason[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self)
      throw OutletError("cannot begin: \(words)")
    }
    guard let topic = unsafe kafka_topic(library, made, name) else {
      unsafe kafka_close(library, made, nil)
      unsafe library.deallocate()
      unsafe counts.deallocate()
      throw OutletError("has no topic '\(name)'")
    }
    unsafe client = unsafe made
    unsafe self.topic = unsafe topic
  }

  deinit {
    // Safety: nothing uses them any more; the library has ended its threads when it returns.
    unsafe kafka_close(library, client, topic)
    unsafe library.deallocate()
    unsafe counts.deallocate()
  }

  /// Begins a batch: what was counted before is forgotten.
  func begin() {
    // Safety: the library counts within calls of this thread alone.
    unsafe counts.initialize(to: kafka_counts())
  }

  /// Puts a message into the queue.
  func put(_ message: Span<UInt8>) throws(OutletError) {
    // Safety: the library copies the bytes, which are valid for the call.
    let error = unsafe message.withUnsafeBytes {
      unsafe kafka_put(library, topic, $0.baseAddress, $0.count)
    }
    if error != 0 { throw OutletError("takes no more: \(reason(error))") }
  }

  /// Waits until so many messages are delivered, or throws, and then none of them is under way.
  func finish(_ count: Int, milliseconds: Int32) throws(OutletError) {
    // Safety: the pointers are this object's.
    let error = unsafe kafka_flush(library, client, milliseconds)
    let (delivered, failure) = unsafe (counts.pointee.delivered, counts.pointee.error)
    if error == 0, delivered == count { return }
    unsafe kafka_drop(library, client)
    throw OutletError(
      "took \(delivered) of \(count) messages: \(reason(failure != 0 ? failure : error))")
  }

  /// Drops what is under way.
  func drop() {
    // Safety: the pointers are this object's.
    unsafe kafka_drop(library, client)
  }

  private func reason(_ error: Int32) -> String {
    // Safety: the library's texts live as long as it does.
    unsafe kafka_reason(library, error).map { unsafe String(cString: $0) } ?? "error \(error)"
  }
}
