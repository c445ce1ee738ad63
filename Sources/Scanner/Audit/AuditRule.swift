/// One rule that a description of an API is held to.
package struct AuditRule: Sendable {
  /// What it is called in reports.
  package let id: String
  /// How many of the hundred points are lost where all places break it.
  package let weight: Int
  /// What is wrong with a place that breaks it.
  package let title: String
  /// How to mend that.
  package let fix: String

  /// All rules.
  static let all: [AuditRule] = [
    AuditRule(
      id: "security-missing", weight: 20, title: "the operation demands no credential",
      fix: "Give it `security`, or an empty list if it is meant to be open to all."),
    AuditRule(
      id: "security-optional", weight: 8, title: "the credential is optional",
      fix: "Take the empty object out of `security`."),
    AuditRule(
      id: "security-undefined", weight: 8, title: "the security scheme is not defined",
      fix: "Define it below `components/securitySchemes`."),
    AuditRule(
      id: "scheme-weak", weight: 8, title: "the security scheme gives credentials away",
      fix: "Use bearer tokens, mutual TLS or a key in a header; no basic authentication, keys in "
        + "queries, or the flows implicit and password (RFC 9700)."),
    AuditRule(
      id: "server-unencrypted", weight: 8, title: "the server's address is not https",
      fix: "Give an https address."),
    AuditRule(
      id: "secret-in-address", weight: 6, title: "a secret goes in the path or query",
      fix: "Send it in a header or in the content: addresses are logged."),
    AuditRule(
      id: "secret-in-example", weight: 10, title: "an example looks like a true secret",
      fix: "Replace it with one that is plainly made up."),
    AuditRule(
      id: "string-unbounded", weight: 8, title: "a string of a request has no bound",
      fix: "Add `maxLength`, `enum`, or a `format` or `pattern` that bounds it."),
    AuditRule(
      id: "array-unbounded", weight: 8, title: "an array of a request has no bound",
      fix: "Add `maxItems`."),
    AuditRule(
      id: "number-unbounded", weight: 4, title: "a number of a request has no bounds",
      fix: "Add `minimum` and `maximum`."),
    AuditRule(
      id: "object-open", weight: 6, title: "an object of a request takes any members",
      fix: "Add `additionalProperties: false`."),
    AuditRule(
      id: "type-loose", weight: 6, title: "a value of a request may be anything",
      fix: "Say its `type` and, for an object, its `properties`."),
    AuditRule(
      id: "pattern-unanchored", weight: 2, title: "a pattern matches anywhere in the text",
      fix: "Begin it with ^ and end it with $."),
    AuditRule(
      id: "answer-undescribed", weight: 6, title: "a good answer has no schema",
      fix: "Describe the content of each 2xx answer."),
    AuditRule(
      id: "answer-open", weight: 3, title: "an object of an answer may have any members",
      fix: "List the members, so that nobody answers with more than is meant."),
    AuditRule(
      id: "refusal-undescribed", weight: 4, title: "401 or 403 is not described",
      fix: "Describe both for operations that demand a credential."),
    AuditRule(
      id: "limit-undescribed", weight: 3, title: "429 is not described",
      fix: "Describe it, with `Retry-After` (RFC 6585 §4)."),
    AuditRule(
      id: "error-undescribed", weight: 2, title: "no 4xx answer is described",
      fix: "Describe 400, 404 or `4XX`."),
    AuditRule(
      id: "parameter-undeclared", weight: 5, title: "a parameter of the path is not declared",
      fix: "Declare it with `in: path` and a schema."),
    AuditRule(
      id: "content-undescribed", weight: 4, title: "the content of a request has no schema",
      fix: "Give the media type a schema."),
    AuditRule(
      id: "operation-unnamed", weight: 1, title: "the operation has no name, or that of another",
      fix: "Give each operation its own `operationId`."),
    AuditRule(
      id: "reference-broken", weight: 6, title: "a reference leads nowhere",
      fix: "Define what it names, or take it out."),
  ]
}
