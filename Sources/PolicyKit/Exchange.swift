public import Base
public import Formats
public import HTTP

/// One request and its response, as the policies see and change them.
///
/// It belongs to one stream on one event loop and is reused for the next exchange; it knows
/// neither sockets nor the protocol that the request came by. It is passed on, never shared, so
/// that no access to it has to be checked at run time.
public struct Exchange: ~Copyable {
  /// The request. What goes upstream is generated from it after the last policy.
  public var request = RequestHead()
  /// The response of the upstream, once its head has arrived.
  public var response = ResponseHead()
  /// Fields that are added to whatever answer the client gets, refusals too.
  public var replyFields = Fields()
  /// The address of the client, behind trusted hops.
  public var client = IPAddress.unspecified
  /// Whether the client came by TLS.
  public var isSecure = false
  /// The certificate that the client showed, verified against the listener's authorities; nil if it
  /// showed none.
  public var peer: PeerCertificate?
  /// Who calls, once an identification policy knows.
  public var consumer: Consumer?
  /// What the caller showed and a policy found right.
  public var shown: CredentialKinds = []
  /// The consumers and keys of the store; nil if there is no store.
  public var live: LiveDirectory?
  /// The place of what the caller showed among the directory's credentials; -1 for none.
  public var credential = -1
  /// What tells this credential from others in the events, right or wrong, within one run of the
  /// process; 0 for none.
  public private(set) var credentialMark: UInt64 = 0
  /// What tells the name that the caller claims from others, in the same way.
  public private(set) var subjectMark: UInt64 = 0
  /// Where it stands in a trace.
  public var trace = TraceIdentity()
  /// The greatest length of content that is let through.
  public var bodyBytesMax = Int.max
  /// When the request's head was complete.
  public var start = Instant(nanoseconds: 0)
  /// The wall clock at that time, in milliseconds since 1970.
  public var wallMilliseconds: UInt64 = 0
  /// Index of the route in the plan; -1 before routing.
  public var route = -1
  /// The path as the client asked for it, once the request's own is what the upstream gets.
  public var fullPath = Slice.empty
  /// The request identifier, once there is one, as a slice of the request's arena.
  public var requestID = Slice.empty
  /// What was found wrong with the request, in words for the log alone; empty if nothing was.
  public var detail: [UInt8] = []
  /// The `errors` of the problem document, a JSON array; empty for none.
  public var problemErrors: [UInt8] = []
  /// What a policy found out by the head, for itself when it sees the content.
  public var finding = PolicyFinding()
  /// The coding that the content of the request has, once its head does not say so any more.
  public var contentCoding: ContentCoding?
  /// What codings the client accepts, where responses may be encoded: what goes upstream may ask
  /// for another, for a cache or so that content can be read.
  public var acceptedCodings: AcceptedCodings?
  /// The content that a policy puts in the place of what it has just seen; nil for none.
  public var newContent: [UInt8]?
  /// Room for policies to read JSON into, which is used again for the next request.
  public var tape = JSONTape()
  /// What policies lacked, and what came of it.
  public var needs: [Need] = []
  /// What policies had counted where other gateways count as well.
  public var counts: [ExchangeCount] = []
  /// A hash of the name that the request shows, until it is known whether that is right.
  public var attempt: UsageKey?
  /// Places that the exchange has until it is over.
  public var holds: [ExchangeHold] = []
  /// Why the request was refused, if it was.
  public var problem: Problem?

  public init() {}

  /// Makes it ready for the next request and keeps its storage.
  public mutating func clear() {
    request.clear()
    response.clear()
    replyFields.clear()
    peer = nil
    consumer = nil
    shown = []
    bodyBytesMax = .max
    route = -1
    credential = -1
    credentialMark = 0
    subjectMark = 0
    trace = TraceIdentity()
    fullPath = .empty
    requestID = .empty
    if !detail.isEmpty { detail = [] }
    if !problemErrors.isEmpty { problemErrors = [] }
    contentCoding = nil
    acceptedCodings = nil
    newContent = nil
    finding = PolicyFinding()
    if !needs.isEmpty { needs = [] }
    if !counts.isEmpty { counts = [] }
    attempt = nil
    releaseHolds()
    problem = nil
  }

  /// Notes whose name the caller claims to have, before anybody knows whether that is so.
  ///
  /// Only a hash is kept, under a key that the process made for itself: events can tell how many
  /// names somebody tries, and not which.
  public mutating func notes(claimedName name: String) {
    subjectMark = UInt64(UInt(bitPattern: name.hashValue))
  }

  /// Notes which credential is shown, by some of its digest, before anybody knows whether it is
  /// right; kept in the same way, so that whoever has the events cannot try out weak ones.
  public mutating func notes(credential digest: UInt64) {
    credentialMark = UInt64(UInt(bitPattern: digest.hashValue))
  }

  /// What came of a need of `owner` about `subject`, if this exchange has waited for it.
  public func outcome(
    of owner: ObjectIdentifier, about subject: (UInt64, UInt64, UInt64, UInt64)
  ) -> Need.Outcome? {
    for need in needs where need.owner == owner && need.subject == subject {
      return need.outcome
    }
    return nil
  }

  /// Gives back the places that the exchange has.
  public mutating func releaseHolds() {
    if holds.isEmpty { return }
    for hold in holds { hold.holder.release(hold.key) }
    holds = []
  }

  /// What was counted for `owner`, with the answer; nil if nothing was, or none has come.
  public func counted(for owner: ObjectIdentifier) -> (count: SharedCount, answer: CountAnswer)? {
    for held in counts where held.owner == owner {
      if let answer = held.answer { return (held.count, answer) }
    }
    return nil
  }
}
