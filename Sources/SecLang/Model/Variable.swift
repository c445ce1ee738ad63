/// A variable that is no part of the request: what rules have noted, or what was counted.
enum Variable: Sendable {
  /// A value that rules set, by its place.
  case transaction(Int)
  /// All values that rules set whose names match.
  case transactionMatching(BacktrackingPattern)
  case matchedValue, matchedValues, matchedName, matchedNames
  case argumentBytes, fileBytes, bodyBytes
  case bodyProcessor
  case bodyFault, multipartFault
  /// A number or a text that never changes here.
  case constant([UInt8])
  /// How many members of collections there are.
  case count([Selector], except: [Selector])
  /// Whether a value was set, as 0 or 1.
  case transactionCount(Int)
  case transactionCountMatching(BacktrackingPattern)
  /// Nothing that the gateway keeps, such as what an address did before: it has no members.
  case nothing
  /// How many members that has: 0.
  case countOfNothing
}
