/// A policy that tells who calls by something that requests bear.
public protocol CredentialPolicy: RequestPolicy {
  /// What a client is told that shows nothing, as a `WWW-Authenticate` value; nil for nothing.
  var challenge: StaticString? { get }
  /// Takes what it reads out of the request, if the upstream is not to have it: for requests that
  /// another policy let in.
  func withdraw(from exchange: inout Exchange)
}
