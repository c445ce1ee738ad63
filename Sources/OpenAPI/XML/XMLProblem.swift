/// Why an XML text is not in the form that a description gives its values.
struct XMLProblem: Error {
  /// The way to the value, as a JSON Pointer.
  var pointer: String
  var rule = "xml"
  var expected: String
  var found: String
}
