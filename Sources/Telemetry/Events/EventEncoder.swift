import Base
import HTTP

/// Turns exchanges into events, in a block that is used again and again.
///
/// Secrets are masked here, on the loop that had the request: what leaves it holds none. Nothing is
/// allocated for an event.
struct EventEncoder: ~Copyable {
  /// The events.
  var block: ByteBuffer
  /// For a text that is worked over.
  private var scratch = ByteBuffer(capacity: 4096)
  private var open = OpenTexts()
  var masked: MaskedNames
  let worker: UInt8

  init(worker: UInt8, masking masked: MaskedNames, blockBytes: Int) {
    self.worker = worker
    self.masked = masked
    block = ByteBuffer(capacity: blockBytes)
  }

  /// Appends one event.
  mutating func append(
    _ record: EventRecord, sequence: UInt64, _ texts: borrowing EventTexts,
    _ request: borrowing RequestHead
  ) {
    let agent = request.fields.value(.userAgent) ?? .empty
    var isOpen = open.holds(request.fields[agent])
    if !isOpen, isFree(request.fields[agent], as: .userAgent) {
      open.insert(request.fields[agent])
      isOpen = true
    }
    // Both are away for the time, so that writing to them and reading the rest is no overlap.
    var (block, scratch) = (ByteBuffer(), ByteBuffer())
    swap(&block, &self.block)
    swap(&scratch, &self.scratch)
    // Safety: there is room for the longest event, and the writer writes no more than that.
    unsafe _ = block.writeUnsafe(minimum: EventLayout.bytesMax) { room in
      guard let base = room.baseAddress else { return 0 }
      var writer = unsafe EventWriter(base: base)
      figures(record, sequence, in: writer)
      write(texts, request, isAgentOpen: isOpen, &scratch, to: &writer)
      return writer.finish()
    }
    swap(&block, &self.block)
    swap(&scratch, &self.scratch)
  }

  private func figures(
    _ record: EventRecord, _ sequence: UInt64, in writer: borrowing EventWriter
  ) {
    writer.figures(record, worker: worker, sequence)
    writer.put(UInt16(clamping: record.status), at: EventLayout.status)
    writer.put(record.flags.rawValue, at: EventLayout.flags)
    writer.put(record.problem.map { $0.rawValue &+ 1 } ?? 0, at: EventLayout.problem)
    writer.put(record.fault.rawValue, at: EventLayout.fault)
    writer.put(record.version.rawValue, at: EventLayout.protocolVersion)
    writer.put(record.method.rawValue, at: EventLayout.method)
    let kinds = UInt64(record.kind.rawValue) << 16 | UInt64(record.severity) << 24
    writer.put(
      UInt64(record.shown) | UInt64(record.attempts) << 8 | kinds, at: EventLayout.shown)
  }

  /// All texts, in their order.
  private func write(
    _ texts: borrowing EventTexts, _ request: borrowing RequestHead, isAgentOpen: Bool,
    _ scratch: inout ByteBuffer, to writer: inout EventWriter
  ) {
    let told = LoggedFields(request.fields)
    writer.append(request.fields[request.methodText], as: .method)
    shaped(request.fields[request.host], as: .host, &scratch, to: &writer)
    writer.append(texts.route, as: .route)
    writer.append(texts.service, as: .service)
    writer.append(texts.template, as: .template)
    writer.append(texts.upstream, as: .upstream)
    writer.append(texts.policy, as: .policy)
    if texts.title.isEmpty {
      writer.append(texts.reason, as: .reason)
    } else {
      shaped(texts.title, as: .reason, &scratch, to: &writer)
    }
    writer.append(texts.tlsVersion, as: .tlsVersion)
    writer.append(texts.cipher, as: .cipher)
    shaped(request.fields[told.contentType], as: .requestType, &scratch, to: &writer)
    shaped(texts.responseType, as: .responseType, &scratch, to: &writer)
    writer.append(texts.fingerprint, as: .fingerprint)
    writer.append(texts.consumer, as: .consumer)
    client(told, texts, request, isAgentOpen, &scratch, to: &writer)
    shaped(texts.detail, as: .detail, &scratch, to: &writer)
  }

  /// The texts that the client chooses freely.
  private func client(
    _ told: LoggedFields, _ texts: borrowing EventTexts, _ request: borrowing RequestHead,
    _ isAgentOpen: Bool, _ scratch: inout ByteBuffer, to writer: inout EventWriter
  ) {
    if masked.coversUserAgent, !told.userAgent.isEmpty {
      writer.append("***", as: .userAgent)
    } else if isAgentOpen {
      writer.append(request.fields[told.userAgent], as: .userAgent)
    } else {
      shaped(request.fields[told.userAgent], as: .userAgent, &scratch, to: &writer)
    }
    shaped(request.fields[request.path], as: .path, &scratch, to: &writer)
    scratch.clear()
    if request.hasQuery {
      LogText.query(
        request.fields[request.query], max: EventText.query.bytesMax, masking: masked,
        into: &scratch)
    }
    writer.append(scratch.readable, as: .query)
    scratch.clear()
    if masked.coversReferer, !told.referer.isEmpty {
      scratch.append("***")
    } else if !told.referer.isEmpty {
      LogText.reference(
        request.fields[told.referer], max: EventText.referer.bytesMax, masking: masked,
        into: &scratch)
    }
    writer.append(scratch.readable, as: .referer)
    if masked.coversRequestID, !texts.requestID.isEmpty {
      writer.append("***", as: .requestID)
    } else if HexName.bits(request.fields[texts.requestID]) != nil {
      // Random digits look like the number of a card now and then.
      writer.append(request.fields[texts.requestID], as: .requestID)
    } else {
      shaped(request.fields[texts.requestID], as: .requestID, &scratch, to: &writer)
    }
  }

  /// Whether a text has no secrets that show by their shape.
  @inline(__always)
  private func isFree(_ bytes: Span<UInt8>, as text: EventText) -> Bool {
    bytes.isEmpty || SecretShapes.first(in: bytes, from: 0, before: text.bytesMax) == nil
  }

  /// Appends text without the secrets that show by their shape.
  @inline(__always)
  private func shaped(
    _ bytes: Span<UInt8>, as text: EventText, _ scratch: inout ByteBuffer,
    to writer: inout EventWriter
  ) {
    if isFree(bytes, as: text) {
      return writer.append(bytes, as: text)
    }
    scratch.clear()
    LogText.shaped(bytes, max: text.bytesMax, into: &scratch)
    writer.append(scratch.readable, as: text)
  }
}
