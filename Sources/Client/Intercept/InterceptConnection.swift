import Base
import HTTP
import Runtime
import TLS
import Wire

/// A client's connection to the proxy: requests one after another, in clear text or, after CONNECT,
/// within TLS that the proxy speaks itself.
final class InterceptConnection: Channel {
  private static let blockBytes = 16 * 1024
  private static let restMilliseconds = 60_000

  let number: Int
  private unowned let owner: InterceptLoop
  private var tls: TLSSession?
  /// Where requests within the tunnel go; nil outside of one.
  private var tunnel: ClientOrigin?
  private var input = ByteBuffer()
  private var output = ByteBuffer()
  private var cipherInput = ByteBuffer()
  private var cipherOutput = ByteBuffer()
  private var head: InterceptHead?
  private var decoder = BodyDecoder(limits: Limits())
  private var body: [UInt8] = []
  private var isWaiting = false
  private var isClosing = false

  init(descriptor: Int32, number: Int, owner: InterceptLoop) {
    self.number = number
    self.owner = owner
    super.init(descriptor: descriptor)
  }

  /// Sets the time by which something must come.
  func rest() {
    owner.loop.setDeadline(
      owner.loop.now.adding(milliseconds: InterceptConnection.restMilliseconds), of: self)
  }

  override func deadlinePassed(_ loop: EventLoop) { if isWaiting { rest() } else { close() } }

  override func ready(_ loop: EventLoop) {
    guard flush() else { return close() }
    while descriptor >= 0, isReadable {
      let outcome =
        tls == nil
        ? Socket.read(descriptor, into: &input, minimum: InterceptConnection.blockBytes)
        : Socket.read(descriptor, into: &cipherInput, minimum: InterceptConnection.blockBytes)
      switch outcome {
      case .bytes: break
      case .wouldBlock:
        isReadable = false
        return
      case .end, .failed: return close()
      }
      guard decrypt() else { return close() }
      use()
    }
  }

  private func decrypt() -> Bool {
    guard let tls else { return true }
    var isMore = true
    while isMore {
      let progress = tls.receive(
        &cipherInput, plaintext: &input,
        plaintextLimit: input.count + 4 * InterceptConnection.blockBytes, output: &cipherOutput)
      isMore = progress.isPlaintextPending
      if progress.failure != nil || progress.isClosedByPeer {
        _ = flush()
        return false
      }
    }
    return flush()
  }

  // MARK: Requests

  private func use() {
    while descriptor >= 0, !isWaiting, !isClosing {
      if head == nil {
        switch InterceptHead.read(input.storage[input.readIndex..<input.writeIndex]) {
        case .incomplete: return
        case .refused(let reason): return refuse(400, reason)
        case .complete(let found, let count):
          input.consume(count)
          guard begin(found) else { return }
        }
      }
      guard head != nil, collect() else { return }
      finish()
    }
  }

  /// Takes on a head; false if there is nothing more to read for it.
  private func begin(_ found: InterceptHead) -> Bool {
    if found.method == "CONNECT" {
      connect(found.target)
      return false
    }
    head = found
    body = []
    decoder.begin(found.length.map { $0 == 0 ? .none : .length($0) } ?? .chunked)
    return true
  }

  /// Takes the content in; false while there is more to come.
  private func collect() -> Bool {
    while !decoder.isFinished {
      switch decoder.next(&input) {
      case .content(let count):
        body += input.storage[input.readIndex..<input.readIndex + count]
        decoder.took(count, from: &input)
        if body.count > owner.bodyBytesMax {
          refuse(413, "the content is too large")
          return false
        }
      case .needMore: return false
      case .end: return true
      case .refused:
        refuse(400, "the content is malformed")
        return false
      }
    }
    return true
  }

  private func finish() {
    guard let head else { return }
    self.head = nil
    var target = head.target
    var origin = tunnel
    if origin == nil, let (found, path) = ClientOrigin.split(head.target) {
      origin = found
      target = path
    }
    guard let origin, target.hasPrefix("/") else {
      return refuse(400, "the target is no URL")
    }
    let request = InterceptedRequest(
      origin: origin, method: head.method, target: target, fields: head.forwarded, body: body)
    isWaiting = true
    let (mailbox, number, exchange) = (owner.mailbox, number, owner.exchange)
    let isHead = head.method == "HEAD"
    exchange(request) { result in
      mailbox.post(
        InterceptReply(number: number, bytes: InterceptConnection.bytes(result, isHead: isHead)))
    }
  }

  /// Becomes the server of a name (RFC 9110 §9.3.6).
  private func connect(_ authority: String) {
    guard tunnel == nil, let (origin, _) = ClientOrigin.split("https://\(authority)"),
      let context = owner.context(for: origin.host.text),
      let session = try? TLSSession(server: context)
    else { return refuse(502, "there is no way to be that host") }
    tunnel = origin
    output.append("HTTP/1.1 200 Connection Established\r\n\r\n")
    guard flush() else { return close() }
    tls = session
    let progress = session.start(output: &cipherOutput)
    if progress.failure != nil { return close() }
    if !input.isEmpty {
      swap(&input, &cipherInput)
      guard decrypt() else { return close() }
      use()
    }
  }

  // MARK: Answers

  /// Sends the answer to what was asked last.
  func reply(_ bytes: [UInt8]) {
    isWaiting = false
    output.append(bytes.span)
    guard flush() else { return close() }
    rest()
    use()
  }

  private static func bytes(
    _ result: Result<ClientResponse, ClientError>, isHead: Bool
  ) -> [UInt8] {
    switch result {
    case .failure(let error):
      let text = "gatehouse intercept: \(error)\n"
      return Array(
        ("HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/plain\r\n"
          + "content-length: \(text.utf8.count)\r\n\r\n\(isHead ? "" : text)").utf8)
    case .success(let answer):
      let own: Set<String> = ["connection", "transfer-encoding", "keep-alive", "content-length"]
      var text = "HTTP/1.1 \(answer.status) \r\n"
      for field in answer.fields where !own.contains(field.name) {
        text += "\(field.name): \(field.value)\r\n"
      }
      let hasBody = answer.status != 204 && answer.status != 304
      let length = isHead ? answer.value("content-length") : "\(answer.body.count)"
      if hasBody, let length { text += "content-length: \(length)\r\n" }
      return Array((text + "\r\n").utf8) + (isHead || !hasBody ? [] : answer.body)
    }
  }

  private func refuse(_ status: Int, _ reason: String) {
    let text = "gatehouse intercept: \(reason)\n"
    output.append(
      Array(
        ("HTTP/1.1 \(status) \r\ncontent-type: text/plain\r\nconnection: close\r\n"
          + "content-length: \(text.utf8.count)\r\n\r\n\(text)").utf8
      ).span)
    isClosing = true
    if !flush() || (output.isEmpty && cipherOutput.isEmpty) { close() }
  }

  /// Writes what waits as far as it goes; false if the connection is broken.
  private func flush() -> Bool {
    if let tls, !output.isEmpty {
      output.consume(tls.send(output.readable, output: &cipherOutput))
    }
    let isDone = tls == nil ? transmit(&output) : transmit(&cipherOutput)
    if isClosing, output.isEmpty, cipherOutput.isEmpty, descriptor >= 0 { close() }
    return isDone
  }

  private func transmit(_ buffer: inout ByteBuffer) -> Bool {
    while !buffer.isEmpty, isWritable {
      switch Socket.write(descriptor, from: &buffer) {
      case .bytes: break
      case .wouldBlock, .end: isWritable = false
      case .failed: return false
      }
    }
    return true
  }

  private func close() {
    if descriptor < 0 { return }
    if let tls, tls.isOpen {
      tls.close(output: &cipherOutput)
      _ = transmit(&cipherOutput)
    }
    owner.close(self)
  }
}
