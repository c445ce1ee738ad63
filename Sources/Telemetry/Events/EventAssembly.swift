public import Base

/// Makes an event again of the parts that it was kept in.
public enum EventAssembly {
  /// The texts of an event that are its own.
  public struct Texts: ~Escapable {
    /// The texts by the names of `EventText`.
    public var consumer, userAgent, path, query, referer, requestID, detail: Span<UInt8>

    /// These texts.
    @_lifetime(
      copy consumer, copy userAgent, copy path, copy query, copy referer, copy requestID,
      copy detail)
    public init(
      consumer: Span<UInt8>, userAgent: Span<UInt8>, path: Span<UInt8>, query: Span<UInt8>,
      referer: Span<UInt8>, requestID: Span<UInt8>, detail: Span<UInt8>
    ) {
      self.consumer = consumer
      self.userAgent = userAgent
      self.path = path
      self.query = query
      self.referer = referer
      self.requestID = requestID
      self.detail = detail
    }
  }

  /// Appends an event: what is in no group is taken from `record`; false if `group` is none.
  public static func append(
    _ record: EventRecord, worker: UInt8, sequence: UInt64, group: Span<UInt8>,
    _ texts: borrowing Texts, to buffer: inout ByteBuffer
  ) -> Bool {
    if EventGroup(group) == nil { return false }
    let (figures, common) = (EventLayout.groupBytes, group.count)
    // Safety: there is room for the longest event, and the writer writes no more than that.
    unsafe _ = buffer.writeUnsafe(minimum: EventLayout.bytesMax) { room in
      guard let base = room.baseAddress else { return 0 }
      var writer = unsafe EventWriter(base: base)
      writer.figures(record, worker: worker, sequence)
      writer.group(group.extracting(0..<figures), texts: group.extracting(figures..<common))
      writer.append(texts.consumer, as: .consumer)
      writer.append(texts.userAgent, as: .userAgent)
      writer.append(texts.path, as: .path)
      writer.append(texts.query, as: .query)
      writer.append(texts.referer, as: .referer)
      writer.append(texts.requestID, as: .requestID)
      writer.append(texts.detail, as: .detail)
      return writer.finish()
    }
    return true
  }
}
