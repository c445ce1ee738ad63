import Base
import Formats
import HTTP
import Schema

/// The description of an API, compiled: what requests it allows.
public final class APIContract: Sendable {
  /// How a description is to be taken.
  public struct Settings: Sendable {
    /// What stands before each path, such as `/v1`; nil for what the description's servers say.
    public var basePath: String?
    /// Whether responses are to be checked as well.
    public var coversResponses = false
    /// Whether members of requests' contents that are not described can be told, where their schema
    /// says nothing of others; of responses they always can.
    public var tellsUnknownMembers = false

    /// The defaults.
    public init() {}
  }

  /// What an API has at an address.
  enum Finding {
    case nothing
    /// Something, for other methods: these, as `Allow` lists them.
    case otherMethods(String)
    /// What describes the request: several where a description has one address twice.
    case operations([Int], captures: [Range<Int>])
  }

  /// What the API calls itself.
  public let title: String
  let operations: [ContractOperation]
  /// Each operation's number in an array of its own.
  let single: [[Int]]
  private let paths: PathTree
  /// For each path, the operations of each method.
  private let methods: [[ContractCompiler.MethodEntry]]
  /// What is odd about the description and how it is taken.
  public let remarks: [APIFault]

  /// Compiles a description in JSON or YAML.
  public init(_ description: [UInt8], settings: Settings = Settings()) throws(APIFault) {
    let document = try APIDocument(description)
    var compiler = ContractCompiler(document, settings)
    try compiler.compile()
    title = document.root["info"]?["title"]?.string ?? ""
    operations = compiler.operations
    single = operations.indices.map { [$0] }
    paths = compiler.tree
    methods = compiler.methods
    remarks = compiler.remarks
  }

  /// How many operations it has.
  public var operationCount: Int { operations.count }

  /// What the description asks of callers, operation by operation.
  public var securityNeeds: [(operation: String, alternatives: [[SecurityNeed]])] {
    operations.map { ($0.name, $0.security) }
  }

  /// What stands at the address of a request.
  func find(_ request: borrowing RequestHead, _ path: Span<UInt8>) -> Finding {
    let method = request.fields[request.methodText]
    if let found = paths.find(path, where: { entry(method, $0) != nil }),
      let entry = entry(method, found.path)
    {
      return .operations(entry.operations, captures: found.captures)
    }
    guard let other = paths.find(path, where: { !methods[$0].isEmpty }) else { return .nothing }
    return .otherMethods(methods[other.path].map(\.method).joined(separator: ", "))
  }

  private func entry(_ method: Span<UInt8>, _ path: Int) -> ContractCompiler.MethodEntry? {
    for entry in methods[path] where ASCII.equals(method, entry.method.utf8.span) {
      return entry
    }
    // HEAD is answered as GET is (RFC 9110 §9.3.2).
    guard ASCII.equals(method, "HEAD") else { return nil }
    return methods[path].first { $0.method == "GET" }
  }
}
