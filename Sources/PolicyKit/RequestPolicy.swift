/// A policy that decides on requests before anything goes upstream.
public protocol RequestPolicy: Policy {
  func review(_ exchange: inout Exchange) -> Verdict
}
