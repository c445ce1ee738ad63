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
  }

  var levels: [Level] = []
  var nodes: [Node] = []
  var edges = ByteTable()
  /// Candidates by level and whole path.
  var exact = ByteTable()
  /// Candidates of one path, in the order in which they are tried.
  var lists: [[RouteCandidate]] = []
}
