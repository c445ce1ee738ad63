import Base

/// The streams of a connection that are open, and how those ended that were open lately.
struct HTTP2StreamTable: Sendable {
  struct Stream: Sendable {
    var id: UInt32 = 0
    /// How much content the peer takes; below zero after it has taken room back.
    var sendWindow = 0
    /// How much content the peer may still send.
    var receiveWindow = 0
    /// How much the peer may send without a word from here.
    var window = 0
    /// How much was used since the peer was told of room.
    var uncredited = 0
    /// Content that was announced and has not come; -1 if none was announced.
    var contentRemaining = -1
    /// Whether the head of the response was read, of a request of ours.
    var isHeadRead = false
    var isRemoteClosed = false
    var isLocalClosed = false
    /// Once its exchange is over and the request is not whole: until when the rest is taken.
    var lingersUntil: Instant?
  }

  /// How a stream came to its end.
  enum Ending: Sendable { case whole, resetByPeer, resetByUs }

  /// Ends that are remembered, since frames may be under way that were sent before it was known.
  private static let endingsMax = 256

  var streams: [Stream] = []
  private var free: [Int] = []
  /// Open streams by their numbers, which only grow.
  private var order: [(id: UInt32, slot: Int)] = []
  private var endings: [(id: UInt32, ending: Ending)] = []
  private var oldest = 0

  var count: Int { order.count }

  /// The slot of an open stream, or nil.
  func slot(of id: UInt32) -> Int? {
    if let last = order.last, last.id == id { return last.slot }
    var (low, high) = (0, order.count)
    while low < high {
      let middle = (low + high) / 2
      if order[middle].id < id { low = middle + 1 } else { high = middle }
    }
    return low < order.count && order[low].id == id ? order[low].slot : nil
  }

  /// Opens a stream whose number is above all before it.
  mutating func open(_ stream: Stream) -> Int {
    let slot: Int
    if let used = free.popLast() {
      slot = used
      streams[slot] = stream
    } else {
      slot = streams.count
      streams.append(stream)
    }
    order.append((stream.id, slot))
    return slot
  }

  /// Forgets an open stream, and remembers how it ended.
  mutating func close(_ slot: Int, _ ending: Ending) {
    let id = streams[slot].id
    guard let place = order.firstIndex(where: { $0.id == id }) else { return }
    order.remove(at: place)
    streams[slot] = Stream()
    free.append(slot)
    note(id, ending)
  }

  /// Remembers the end of a stream, or of one that was never let in.
  mutating func note(_ id: UInt32, _ ending: Ending) {
    if endings.count < Self.endingsMax {
      endings.append((id, ending))
    } else {
      endings[oldest] = (id, ending)
      oldest = (oldest + 1) % Self.endingsMax
    }
  }

  /// How a stream ended; nil if that is not known.
  func ending(of id: UInt32) -> Ending? {
    endings.last { $0.id == id }?.ending
  }

  /// The oldest stream that lingers no longer than `deadline`.
  func firstLingering(until deadline: Instant) -> Int? {
    order.first { (_, slot) in streams[slot].lingersUntil.map { $0 <= deadline } ?? false }?.slot
  }

  /// The open streams beyond a number, the highest first.
  func slots(above id: UInt32) -> [Int] { order.reversed().prefix { $0.id > id }.map { $0.slot } }

  /// Changes what every open stream may send; false if one would go beyond the largest window.
  mutating func widen(by change: Int, most: Int) -> Bool {
    for (_, slot) in order {
      streams[slot].sendWindow += change
      if streams[slot].sendWindow > most { return false }
    }
    return true
  }
}
