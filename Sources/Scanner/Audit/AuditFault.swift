/// One place that breaks a rule.
package struct AuditFault: Sendable {
  package let rule: String
  /// Where in the document: a JSON pointer (RFC 6901).
  package let pointer: String
  /// The operation that the place belongs to; empty for the document as a whole.
  package let operation: String
  /// The line of the operation; 0 if it is not known.
  package let line: Int
}
