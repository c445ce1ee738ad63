import Base
public import HTTP

/// One loop's part of the event stream: writes events into a block and hands full blocks over.
public final class EventBuffer {
  /// The size of a block, and from when on it is handed over: what is between is room for the
  /// longest event.
  static let blockBytes = 64 * 1024
  static let handOverBytes = blockBytes - EventLayout.bytesMax

  /// Where the events go.
  public let stream: EventStream
  /// Who gets full blocks in the place of the stream; nil for nobody.
  private let taker: ((EventBlock) -> Void)?
  private var encoder: EventEncoder
  private var count = 0
  private var sequence: UInt64 = 0

  /// A buffer of events for `stream`; `worker` is the loop's number, which no other has.
  ///
  /// With a `taker` full blocks go to it alone, on the same thread.
  public init(_ stream: EventStream, worker: Int, taker: ((EventBlock) -> Void)? = nil) {
    self.stream = stream
    self.taker = taker
    encoder = EventEncoder(
      worker: UInt8(clamping: worker), masking: stream.masked,
      blockBytes: EventBuffer.blockBytes)
  }

  deinit { flush() }

  /// Hands over what there is.
  public func flush() {
    if encoder.block.isEmpty { return }
    let (used, count) = (encoder.block.count, self.count)
    self.count = 0
    let storage = stream.take(
      encoder.block.takeStorage(), used: used, count: count, alone: taker)
    encoder.block = ByteBuffer(reusing: storage)
  }

  /// Masks what the stream's masks are now.
  public func renewMasks() { encoder.masked = stream.masked }

  /// Writes one event, of a request that may be an empty head if none could be read.
  public func append(
    _ record: EventRecord, _ texts: borrowing EventTexts, request: borrowing RequestHead
  ) {
    encoder.append(record, sequence: sequence, texts, request)
    sequence += 1
    count += 1
    if encoder.block.count >= EventBuffer.handOverBytes { flush() }
  }
}
