/// A program of few states made into a table: one look-up for each scalar.
///
/// It is made whole before it is used, within bounds; what does not fit stays a program.
struct PatternTable: Sendable {
  private static let statesMax = 512
  private static let cellsMax = 64 * 1024

  /// The class of each scalar below 128.
  private let classOfASCII: [UInt8]
  /// Where classes begin, in order, and which they are.
  private let bounds: [UInt32]
  private let classes: [UInt8]
  private let classCount: Int
  /// The next state, by state and class.
  private let cells: [UInt16]
  /// 1: matches here; 2: matches if the text ends here.
  private let matches: [UInt8]
  private let deadState: UInt16?

  /// The table of a program; nil if it would be too large or looks at words.
  init?(_ program: PatternProgram) {
    guard !program.hasWordBoundary else { return nil }
    guard let (bounds, classes, samples) = PatternTable.split(program.sets) else { return nil }
    self.bounds = bounds
    self.classes = classes
    classCount = samples.count
    classOfASCII = (0..<128).map { scalar in
      classes[PatternTable.place(of: scalar, bounds)]
    }
    var builder = Builder(program, samples)
    guard builder.run(statesMax: PatternTable.statesMax, cellsMax: PatternTable.cellsMax) else {
      return nil
    }
    cells = builder.cells
    matches = builder.matches
    deadState = builder.states[[]]
  }

  /// Parts the scalars into classes, whose members are in the same sets; and one of each.
  private static func split(_ sets: [ScalarSet]) -> ([UInt32], [UInt8], [UInt32])? {
    var starts: Set<UInt32> = [0]
    for set in sets {
      for range in set.ranges {
        starts.insert(range.lowerBound)
        starts.insert(range.upperBound + 1)
      }
    }
    let bounds = starts.filter { $0 <= ScalarSet.last }.sorted()
    var classes: [UInt8] = []
    var samples: [UInt32] = []
    var known: [[Bool]: UInt8] = [:]
    guard bounds.count * sets.count <= cellsMax else { return nil }
    for bound in bounds {
      let signature = sets.map { $0.contains(bound) }
      if let found = known[signature] {
        classes.append(found)
        continue
      }
      guard samples.count < 255 else { return nil }
      known[signature] = UInt8(samples.count)
      classes.append(UInt8(samples.count))
      samples.append(bound)
    }
    return (bounds, classes, samples)
  }

  private static func place(of scalar: UInt32, _ bounds: [UInt32]) -> Int {
    var low = 0
    var high = bounds.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if bounds[middle] <= scalar { low = middle } else { high = middle }
    }
    return low
  }

  /// Whether the program matches anywhere in `text`, which is UTF-8.
  func matches(_ text: Span<UInt8>) -> Bool {
    var state = 0
    var at = 0
    if matches[0] & 1 != 0 { return true }
    while at < text.count {
      let kind: UInt8
      if text[at] < 0x80 {
        kind = classOfASCII[Int(text[at])]
        at += 1
      } else {
        kind = classes[PatternTable.place(of: UTF8Scalar.take(text, &at), bounds)]
      }
      state = Int(cells[state * classCount + Int(kind)])
      if matches[state] & 1 != 0 { return true }
      if let deadState, state == Int(deadState) { return false }
    }
    return matches[state] & 2 != 0
  }

  /// Makes the states, from the first on.
  private struct Builder {
    let program: PatternProgram
    let samples: [UInt32]
    var states: [[Int]: UInt16] = [:]
    var order: [[Int]] = []
    var cells: [UInt16] = []
    var matches: [UInt8] = []
    var walk: PatternWalk

    init(_ program: PatternProgram, _ samples: [UInt32]) {
      self.program = program
      self.samples = samples
      walk = PatternWalk(program)
    }

    mutating func run(statesMax: Int, cellsMax: Int) -> Bool {
      var effort = 0
      walk.clear()
      walk.add(0, program, at: .init(isStart: true, isEnd: false, isAtWordBoundary: false))
      _ = state(isStart: true)
      var next = 0
      while next < order.count {
        let steps = order[next]
        for sample in samples {
          walk.clear()
          for step in steps {
            if case .set(let set) = program.steps[step], program.sets[set].contains(sample) {
              walk.add(step + 1, program, at: inside)
            }
          }
          walk.add(0, program, at: inside)
          effort += 1 + walk.steps.count + steps.count
          cells.append(state(isStart: false))
          let isTooMuch = order.count > statesMax || effort > 16 * cellsMax
          guard !isTooMuch, cells.count <= cellsMax else { return false }
        }
        next += 1
      }
      return true
    }

    private var inside: PatternWalk.Place {
      .init(isStart: false, isEnd: false, isAtWordBoundary: false)
    }

    /// The number of the state that the walk is in.
    private mutating func state(isStart: Bool) -> UInt16 {
      let steps = walk.steps.sorted()
      if let known = states[steps], !isStart { return known }
      let number = UInt16(truncatingIfNeeded: order.count)
      // The first state stands for itself: its `^` and `$` see the text's start.
      if !isStart { states[steps] = number }
      order.append(steps)
      var found: UInt8 = walk.isMatch ? 1 : 0
      if !walk.isMatch {
        walk.clear()
        let place = PatternWalk.Place(isStart: isStart, isEnd: true, isAtWordBoundary: false)
        for step in steps { walk.add(step, program, at: place) }
        if walk.isMatch { found = 2 }
      }
      matches.append(found)
      return number
    }
  }
}
