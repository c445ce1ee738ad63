/// The steps that a program is at, all at once; each at most once.
struct PatternWalk {
  /// What is around the place between two scalars.
  struct Place {
    var isStart: Bool
    var isEnd: Bool
    var isAtWordBoundary: Bool
  }

  /// The steps that take a scalar, match, or wait for the end.
  private(set) var steps: [Int] = []
  private var seen: [UInt32]
  private var round: UInt32 = 0
  private var pending: [Int] = []
  private(set) var isMatch = false

  init(_ program: PatternProgram) {
    seen = [UInt32](repeating: 0, count: program.steps.count)
  }

  mutating func clear() {
    steps.removeAll(keepingCapacity: true)
    round += 1
    isMatch = false
  }

  /// Adds a step and all that can be reached from it without a scalar.
  mutating func add(_ first: Int, _ program: PatternProgram, at place: Place) {
    pending.append(first)
    while let step = pending.popLast() {
      if seen[step] == round { continue }
      seen[step] = round
      switch program.steps[step] {
      case .set: steps.append(step)
      case .match:
        isMatch = true
        steps.append(step)
      case .jump(let next): pending.append(next)
      case .split(let left, let right):
        pending.append(right)
        pending.append(left)
      case .start: if place.isStart { pending.append(step + 1) }
      case .end:
        if place.isEnd { pending.append(step + 1) } else { steps.append(step) }
      case .wordBoundary(let isInverted):
        if place.isAtWordBoundary != isInverted { pending.append(step + 1) }
      }
    }
  }
}
