/// A policy that needs documents of somebody else's.
public protocol DocumentPolicy: Policy {
  /// What it needs; the same objects as before a reload if it is the same documents.
  var documents: [any RemoteDocument] { get }
}
