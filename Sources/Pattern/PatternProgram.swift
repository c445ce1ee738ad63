/// A pattern as a machine of few kinds of steps, all of whose ways are walked at once.
struct PatternProgram: Sendable {
  enum Step: Sendable {
    /// Takes one scalar of a set, and goes to the next step.
    case set(Int)
    case split(Int, Int)
    case jump(Int)
    case start
    case end
    case wordBoundary(isInverted: Bool)
    case match
  }

  /// Most steps of a program.
  static let stepsMax = 4096

  private(set) var steps: [Step] = []
  private(set) var sets: [ScalarSet] = []
  private var setPlaces: [ScalarSet: Int] = [:]
  private(set) var hasWordBoundary = false

  init(_ tree: PatternTree) throws(PatternFault) {
    try add(tree)
    try append(.match)
  }

  private mutating func append(_ step: Step) throws(PatternFault) {
    guard steps.count < PatternProgram.stepsMax else { throw PatternFault(.tooLarge, at: 0) }
    steps.append(step)
  }

  private mutating func add(_ tree: PatternTree) throws(PatternFault) {
    switch tree {
    case .set(let set):
      let place = setPlaces[set] ?? sets.count
      if place == sets.count {
        sets.append(set)
        setPlaces[set] = place
      }
      try append(.set(place))
    case .sequence(let parts):
      for part in parts { try add(part) }
    case .either(let branches): try add(either: branches)
    case .repeated(let part, let least, let most): try add(repeated: part, least, most)
    case .start: try append(.start)
    case .end: try append(.end)
    case .wordBoundary(let isInverted):
      hasWordBoundary = true
      try append(.wordBoundary(isInverted: isInverted))
    }
  }

  private mutating func add(either branches: [PatternTree]) throws(PatternFault) {
    var jumps: [Int] = []
    for (place, branch) in branches.enumerated() {
      let isLast = place == branches.count - 1
      let split = steps.count
      if !isLast { try append(.jump(0)) }
      try add(branch)
      if isLast { break }
      jumps.append(steps.count)
      try append(.jump(0))
      steps[split] = .split(split + 1, steps.count)
    }
    for jump in jumps { steps[jump] = .jump(steps.count) }
  }

  private mutating func add(
    repeated part: PatternTree, _ least: Int, _ most: Int?
  ) throws(PatternFault) {
    for _ in 0..<least { try add(part) }
    guard let most else {
      let split = steps.count
      try append(.jump(0))
      try add(part)
      try append(.jump(split))
      steps[split] = .split(split + 1, steps.count)
      return
    }
    var splits: [Int] = []
    for _ in least..<most {
      splits.append(steps.count)
      try append(.jump(0))
      try add(part)
    }
    for split in splits { steps[split] = .split(split + 1, steps.count) }
  }
}
