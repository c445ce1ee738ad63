/// The routes of all hosts, by the segments of their paths.
///
/// Every host has a root of its own; the edges of all nodes lie in one table.
struct RouteTrie: Sendable {
  /// A place in the paths of one host, behind a segment.
  struct Node: Sendable {
    /// The node behind any one segment, or -1.
    var parameter: Int32 = -1
    var hasLiterals = false
    /// The candidates of a prefix that ends here, or -1.
    var prefix: Int32 = -1
    /// The candidates of a template that ends here, or -1.
    var template: Int32 = -1
    /// The template's place in the order of all; the lowest wins.
    var rank = Int32.max
  }

  /// What one host has.
  struct Level: Sendable {
    let root: Int32
    var hasExact = false
    var hasTemplates = false
    /// Whether there is anything but the prefix `/`.
    var hasPaths = false
    /// Whether paths lie here in lower case, since some route takes them in any; the candidates for
    /// which case counts then have it compared at the end.
    let foldsCase: Bool
  }

  var levels: [Level] = []
  var nodes: [Node] = []
  var edges = ByteTable()
  /// Candidates by level and whole path.
  var exact = ByteTable()
  /// All candidates: those of one path stand together, in the order in which they are tried.
  var candidates: [RouteCandidate] = []
  /// What few candidates have beside, by their `detail`.
  var details: [RouteCandidate.Detail] = []
  /// Where each list of candidates begins, and where the last ends.
  var listStarts: [Int32] = [0]
}
