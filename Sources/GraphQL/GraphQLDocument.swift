/// A document of operations and fragments, as far as rules and limits look at it.
struct GraphQLDocument {
  enum Kind: String { case query, mutation, subscription }

  /// A value; what variables stand for is not put in.
  indirect enum Value: Hashable {
    case variable(String)
    case int(Int?)
    /// As they are written.
    case float([UInt8])
    case string([UInt8])
    case boolean(Bool)
    case null
    case word(String)
    case list([Value])
    case object([Argument])
  }

  /// An argument, or a field of an object.
  struct Argument: Hashable {
    var name: String
    var value: Value
  }

  struct Directive {
    var name: String
    var arguments: [Argument]
    var offset: Int
  }

  struct Field {
    var name: String
    var alias: String?
    var arguments: [Argument]
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
    /// The default; nil if there is none.
    var value: Value?
    var directives: [Directive] = []
  }

  struct Selection {
    enum Content {
      case field(Field)
      case spread(String)
      case inline(on: String?)
    }

    var content: Content
    /// The selections below it, as places among the document's.
    var children: [Int] = []
    var hasSet = false
    var directives: [Directive] = []
    var offset: Int
  }

  struct Operation {
    var kind: Kind
    var name: String?
    var variables: [Variable] = []
    var directives: [Directive] = []
    var selections: [Int]
    var offset: Int
  }

  struct Fragment {
    var name: String
    var type: String
    var directives: [Directive] = []
    var selections: [Int]
    var offset: Int
  }

  var operations: [Operation] = []
  var fragments: [String: Fragment] = [:]
  var selections: [Selection] = []
  var directiveCount = 0
}
