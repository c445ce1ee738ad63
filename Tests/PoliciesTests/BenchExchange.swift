import Base
import Formats
import HTTP
import PolicyKit

@testable import Policies

/// An exchange that tests can share and look at after a policy has had it.
final class BenchExchange {
  private var exchange = Exchange()

  var request: RequestHead {
    get { exchange.request }
    set { exchange.request = newValue }
  }
  var response: ResponseHead {
    get { exchange.response }
    set { exchange.response = newValue }
  }
  var replyFields: Fields {
    get { exchange.replyFields }
    set { exchange.replyFields = newValue }
  }
  var client: IPAddress {
    get { exchange.client }
    set { exchange.client = newValue }
  }
  var isSecure: Bool {
    get { exchange.isSecure }
    set { exchange.isSecure = newValue }
  }
  var consumer: Consumer? {
    get { exchange.consumer }
    set { exchange.consumer = newValue }
  }
  var live: LiveDirectory? {
    get { exchange.live }
    set { exchange.live = newValue }
  }
  var shown: CredentialKinds {
    get { exchange.shown }
    set { exchange.shown = newValue }
  }
  var peer: PeerCertificate? {
    get { exchange.peer }
    set { exchange.peer = newValue }
  }
  var start: Instant {
    get { exchange.start }
    set { exchange.start = newValue }
  }
  var wallMilliseconds: UInt64 {
    get { exchange.wallMilliseconds }
    set { exchange.wallMilliseconds = newValue }
  }
  var route: Int {
    get { exchange.route }
    set { exchange.route = newValue }
  }
  var needs: [Need] {
    get { exchange.needs }
    set { exchange.needs = newValue }
  }
  var holds: [ExchangeHold] { exchange.holds }
  func over() { exchange.clear() }
  func refusal(_ problem: Problem, to policy: some RefusalPolicy) {
    policy.refused(exchange, problem)
  }
  var counts: [ExchangeCount] {
    get { exchange.counts }
    set { exchange.counts = newValue }
  }
  var bodyBytesMax: Int { exchange.bodyBytesMax }
  var requestID: Slice { exchange.requestID }

  var contentCoding: ContentCoding? { exchange.contentCoding }
  func coding(by policy: some CodingPolicy) -> ResponseCoding? { policy.coding(for: &exchange) }
  func inspected(_ content: [UInt8], by policy: some BodyPolicy) -> Verdict {
    policy.inspect(content.span, of: &exchange)
  }
  var newContent: [UInt8]? { exchange.newContent }
  var detail: String { String(decoding: exchange.detail, as: UTF8.self) }
  var problemErrors: String { String(decoding: exchange.problemErrors, as: UTF8.self) }

  func reviewed(by policy: some RequestPolicy) -> Verdict { policy.review(&exchange) }
  func inspected(_ content: String, by policy: some BodyPolicy) -> Verdict {
    policy.inspect(content.utf8.span, of: &exchange)
  }
  func base(
    _ items: [StructuredItem], _ parameters: [StructuredItem.Parameter]
  ) -> SignatureBase? {
    SignatureBase(items, parameters, exchange)
  }
  func withdrawn(by policy: some CredentialPolicy) { policy.withdraw(from: &exchange) }
  func isHeld(by policy: some BodyPolicy) -> Bool { policy.holdsContent(of: exchange) }
  func answered(by policy: some ResponsePolicy) { policy.reviewResponse(&exchange) }
}

extension RequestPolicy {
  func review(_ bench: BenchExchange) -> Verdict { bench.reviewed(by: self) }
}

extension ResponsePolicy {
  func reviewResponse(_ bench: BenchExchange) { bench.answered(by: self) }
}
