/// A policy that takes credentials from the query, where every log would keep them.
public protocol QueryCredentialPolicy: Policy {
  /// The names of the parameters that hold them, percent-encoding undone: what the log masks,
  /// also of a request that another policy refuses before this one has seen it.
  var secretParameters: [[UInt8]] { get }
}
