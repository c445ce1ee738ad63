/// A policy that tells who calls by something that requests bear.
///
/// Whom it lets in it tells by `Exchange.identify`, with the kind of credential that it checked.
public protocol CredentialPolicy: RequestPolicy {
  /// What it checks.
  static var kind: CredentialKinds { get }
  /// What a client is told that shows nothing, as a `WWW-Authenticate` value; nil for nothing.
  var challenge: StaticString? { get }
  /// Takes what it reads out of the request, if the upstream is not to have it: for requests that
  /// another policy let in.
  func withdraw(from exchange: inout Exchange)
}

extension CredentialPolicy {
  /// Notes who calls by what this policy has checked.
  public func identify(_ consumer: Consumer, _ exchange: inout Exchange) {
    exchange.consumer = consumer
    exchange.shown.formUnion(Self.kind)
  }
}
