/// One rule that the gateway brings along.
struct OwnRule {
  /// How sure it is: what it adds to the sum.
  enum Weight: Int {
    case critical = 5
    case error = 4
    case warning = 3
    case notice = 2
  }

  let id: Int
  let message: String
  /// Where it looks, as the rule language says it.
  let targets: String
  /// The operator with its argument.
  let operation: String
  let steps: [String]
  let weight: Weight
  /// Rules that must hold as well, as variables and operator.
  let links: [(variables: String, operation: String)]

  init(
    _ id: Int, _ message: String, _ operation: String, in targets: String = everywhere,
    steps: [String] = decoded, weight: Weight = .critical,
    links: [(variables: String, operation: String)] = []
  ) {
    self.id = id
    self.message = message
    self.operation = operation
    self.targets = targets
    self.steps = steps
    self.weight = weight
    self.links = links
  }

  /// Percent-encoding undone once more than the place of the text asks for, as lenient servers do.
  static let decoded = ["urlDecodeUni"]
  /// Percent-encoding undone as often as servers behind each other may.
  static let decodedTwice = ["urlDecodeUni", "urlDecodeUni"]
  /// What pages and scripts undo.
  static let unescaped = ["utf8toUnicode", "urlDecodeUni", "htmlEntityDecode", "jsDecode"]

  /// All that a client writes as a value or a name, paths and most fields too.
  static let everywhere = """
    ARGS|ARGS_NAMES|REQUEST_COOKIES|REQUEST_COOKIES_NAMES|FILES|FILES_NAMES|XML:/*|XML://@*|\
    PATH_SEGMENTS|REQUEST_HEADERS|!REQUEST_HEADERS:Cookie|!REQUEST_HEADERS:Accept|\
    !REQUEST_HEADERS:Authorization|!REQUEST_HEADERS:Host|!REQUEST_HEADERS:/^sec-/
    """
  /// Values and names, but no fields.
  static let parameters = """
    ARGS|ARGS_NAMES|REQUEST_COOKIES|REQUEST_COOKIES_NAMES|FILES|FILES_NAMES|XML:/*|XML://@*|\
    PATH_SEGMENTS
    """
  /// Where clients say what an upload is called.
  static let fileNames = "FILES|REQUEST_HEADERS:/^x[-._]file[-_]?name$|^x-filename$/"
  /// The path, whole.
  static let path = "REQUEST_FILENAME"

  /// The rule as text.
  var text: String {
    let chain = steps.map { ",t:\($0)" }.joined()
    let score = ["shield_score", "anomaly_score_pl1", "inbound_anomaly_score_pl1"]
      .map { "setvar:'tx.\($0)=+\(weight.rawValue)'" }.joined(separator: ",")
    var text = """
      SecRule \(targets) "\(OwnRule.quoted(operation))" "id:\(id),phase:2,pass,log,\
      msg:'\(message)',t:none\(chain),severity:\(weight == .critical ? 2 : 4),tag:'gatehouse'
      """
    for link in links {
      text += ",chain\"\nSecRule \(link.variables) \"\(OwnRule.quoted(link.operation))\" \"capture"
    }
    return "\(text),\(score)\""
  }

  private static func quoted(_ text: String) -> String {
    text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"")
  }
}
