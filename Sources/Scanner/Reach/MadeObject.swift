/// An object that the scan made through the API, to be removed at its end.
struct MadeObject: Sendable {
  let operation: Operation
  /// The collection with its parameters in place.
  let collection: String
  /// The values of all path parameters that lead to it.
  let values: [String: String]
  let owner: String
  /// The texts in it that stand nowhere else.
  let markers: [String]
  /// The content that made it.
  let sent: JSONValue?
  let answer: Answer
}
