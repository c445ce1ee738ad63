import Formats

/// The client's side of a conversation with a mail server (RFC 5321), without a socket: replies in,
/// commands out.
struct SMTPDialogue {
  /// What is to be done after a reply.
  enum Step: Equatable {
    case send([UInt8])
    /// The server has taken the message, and the conversation is over.
    case done
  }

  private enum State {
    case greeting, hello, authentication, sender
    case recipients(Int)
    case data, content
  }

  private let name: String
  private let from: String
  private let to: [String]
  /// The name and password by which the server knows us; only over TLS.
  private let credentials: (user: String, password: String)?
  private let message: [UInt8]
  private var state = State.greeting
  private var taken = 0

  /// A conversation that hands over one message; `name` is what this machine calls itself.
  init(
    name: String, from: String, to: [String],
    credentials: (user: String, password: String)? = nil, message: [UInt8]
  ) {
    self.name = name
    self.from = from
    self.to = to
    self.credentials = credentials
    self.message = message
  }

  /// What follows on a reply.
  mutating func next(_ code: Int) throws(OutletError) -> Step {
    switch state {
    case .greeting:
      try expect(code, [220], "greets")
      state = .hello
      return send("EHLO \(name)")
    case .hello:
      try expect(code, [250], "does not take our name")
      guard let credentials else { return mail() }
      state = .authentication
      let text = "\u{0}\(credentials.user)\u{0}\(credentials.password)"
      return send("AUTH PLAIN \(Base64.encode(Array(text.utf8).span, .standard))")
    case .authentication:
      try expect(code, [235], "does not take the password")
      return mail()
    case .sender:
      try expect(code, [250], "does not take the sender")
      state = .recipients(0)
      return send("RCPT TO:<\(to[0])>")
    case .recipients(let place): return try recipient(place, code)
    case .data:
      try expect(code, [354], "does not take the message")
      state = .content
      return .send(message)
    case .content:
      try expect(code, [250], "has not taken the message")
      return .done
    }
  }

  private mutating func mail() -> Step {
    state = .sender
    return send("MAIL FROM:<\(from)>")
  }

  /// One recipient that is refused keeps the message from none of the others.
  private mutating func recipient(_ place: Int, _ code: Int) throws(OutletError) -> Step {
    if code == 250 || code == 251 {
      taken += 1
    } else if place == to.count - 1, taken == 0 {
      try expect(code, [250, 251], "takes none of the recipients")
    }
    if place < to.count - 1 {
      state = .recipients(place + 1)
      return send("RCPT TO:<\(to[place + 1])>")
    }
    state = .data
    return send("DATA")
  }

  /// A reply of 5xx is for good (RFC 5321 §4.2.1); others may be better later.
  private func expect(_ code: Int, _ wanted: [Int], _ what: String) throws(OutletError) {
    if wanted.contains(code) { return }
    throw OutletError("\(what): \(code)", isFinal: (500...599).contains(code))
  }

  private func send(_ line: String) -> Step { .send(Array((line + "\r\n").utf8)) }
}
