/// A circle of GraphQL fields: a field of the query type, and those that lead from its type back
/// to it.
package struct GraphLoop: Hashable, Sendable {
  package let root: String
  package let steps: [String]

  /// A document that goes round so often, and then asks for `leaf`; nothing of it is carried out,
  /// since `@skip` leaves the field out of what is executed (October 2021, §3.13.1).
  func document(rounds: Int, leaf: String) -> String {
    let around = (0..<rounds).flatMap { _ in steps }
    let open = around.map { "{ \($0) " }.joined()
    return "{ __typename \(root) @skip(if: true) " + open + "{ \(leaf) }"
      + String(repeating: " }", count: around.count) + " }"
  }
}
