/// A policy that sees the head of the upstream's response before the client does.
public protocol ResponsePolicy: Policy {
  func reviewResponse(_ exchange: inout Exchange)
}
