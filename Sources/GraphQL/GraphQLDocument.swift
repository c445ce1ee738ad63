/// A document of operations and fragments, as far as rules and limits look at it.
struct GraphQLDocument {
  enum Kind: String { case query, mutation, subscription }

  /// A value; what variables stand for is not put in.
  indirect enum Value {
    case variable(String)
    case int(Int?)
    case float, string, boolean, null
    case word(String)
    case list([Value])
    case object([(name: String, value: Value)])
  }

  struct Argument {
    var name: String
    var value: Value
  }

  /// A type as variables declare it.
  struct TypeReference: Hashable {
    var name: String
    /// From the innermost outwards: whether that level is a list, and whether it may not be null.
    var levels: [Level]

    struct Level: Hashable {
      var isList: Bool
      var isRequired: Bool
    }
  }

  struct Variable {
    var name: String
    var type: TypeReference
    var hasDefault: Bool
  }

  struct Selection {
    enum Content {
      case field(name: String, hasAlias: Bool, arguments: [Argument])
      case spread(String)
      case inline(on: String?)
    }

    var content: Content
    /// The selections below it, as places among the document's.
    var children: [Int] = []
    var hasSet = false
    var offset: Int
  }

  struct Operation {
    var kind: Kind
    var name: String?
    var variables: [Variable] = []
    var selections: [Int]
    var offset: Int
  }

  struct Fragment {
    var name: String
    var type: String
    var selections: [Int]
    var offset: Int
  }

  var operations: [Operation] = []
  var fragments: [String: Fragment] = [:]
  var selections: [Selection] = []
  var directiveCount = 0
}
