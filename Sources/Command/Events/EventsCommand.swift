import Base
import Blueprint
import Events
import Formats
import Runtime
import Telemetry

/// `gatehouse events`: looks at the events that a gateway keeps.
struct EventsCommand: Subcommand {
  static let name = "events"
  static let summary = "searches and follows the events that a gateway keeps"
  static let operands = "search | tail | hold FROM UNTIL | measure"
  static let operandsMax = 3
  static let options =
    [
      Option.config,
      Option("--folder", "FOLDER", "the store's folder, instead of that of the configuration"),
    ] + EventFilterOptions.all + [
      Option("--limit", "COUNT", "how many are printed, the latest (100)"),
      Option("--count", "counts all that fit, and prints how many"),
      Option("--format", "FORM", "table, json, ecs or ocsf (table)"),
      Option.json,
      Option("--events", "COUNT", "how many are made to measure with (2000000)"),
    ]
  static let details = """
      search prints the latest events that fit in all that is asked; tail those that come from now
      on. hold keeps what is between two times, whatever its age, until the files that it names
      are removed. measure fills a folder with made-up events, and says how fast, how large and
      how soon found. Times are such as 2026-01-31T12:00:00Z, or 15m, 2h, 3d for so long ago.
    """

  private let arguments: Arguments
  private let filter: EventFilterOptions
  private let limit: Int
  private let form: String

  init(_ arguments: Arguments) throws(UsageError) {
    self.arguments = arguments
    filter = try EventFilterOptions(arguments)
    guard let limit = Int(arguments.value("--limit") ?? "100"), (1...1_000_000).contains(limit)
    else { throw UsageError("--limit must be a number from 1 to 1000000") }
    self.limit = limit
    form = arguments.has("--json") ? "json" : arguments.value("--format") ?? "table"
    guard form == "table" || EventForm(rawValue: form) != nil else {
      throw UsageError("--format must be table, json, ecs or ocsf")
    }
  }

  func run(in surroundings: Surroundings) -> Int32 {
    switch arguments.operands.first {
    case "search": return withFolder(surroundings) { search(in: $0, surroundings) }
    case "tail": return withFolder(surroundings) { tail(in: $0, surroundings) }
    case "hold": return withFolder(surroundings) { hold(in: $0, surroundings) }
    case "measure":
      guard let folder = arguments.value("--folder") else {
        surroundings.complain("gatehouse: name a folder to fill: --folder\n")
        return 2
      }
      guard let count = Int(arguments.value("--events") ?? "2000000"), count > 0 else {
        surroundings.complain("gatehouse: --events must be a number\n")
        return 2
      }
      return EventMeasurement(folder: folder, count: count).run(in: surroundings)
    default:
      surroundings.complain("gatehouse: what to do: \(EventsCommand.operands)\n")
      return 2
    }
  }

  /// The store's folder, by the option or the configuration.
  private func withFolder(
    _ surroundings: Surroundings, _ body: (String) -> Int32
  ) -> Int32 {
    if let folder = arguments.value("--folder") { return body(folder) }
    let path = arguments.configPath
    let (blueprint, diagnostics) = ConfigurationFile.load(
      path: path, catalogue: surroundings.catalogue)
    guard let blueprint else {
      surroundings.complain(diagnostics.description + "\n")
      return 1
    }
    guard let store = blueprint.events.store else {
      surroundings.complain("gatehouse: \(path) keeps no events: 'events: { store: FOLDER }'\n")
      return 1
    }
    return body(Folder(of: path).path(store.path.string))
  }

  private func search(in folder: String, _ surroundings: Surroundings) -> Int32 {
    let search = EventSearch(folder: folder)
    guard search.isThere else {
      surroundings.complain("gatehouse: there is no store of events in \(folder)\n")
      return 1
    }
    let now = UInt64(max(0, surroundings.nowUnixSeconds())) * 1000
    let counts = arguments.has("--count")
    let result = search.run(filter.filter(now: now), limit: limit, countsAll: counts)
    if result.damagedPages > 0 {
      surroundings.complain("gatehouse: \(result.damagedPages) damaged pages were passed over\n")
    }
    if counts {
      surroundings.print("\(result.matchCount)\n")
      return 0
    }
    let printer = EventPrinter(form: form, node: EventSearch(folder: folder).node)
    surroundings.print(printer.head)
    for block in result.blocks { surroundings.print(printer.text(block)) }
    return 0
  }

  /// Prints what comes, until the process is ended.
  private func tail(in folder: String, _ surroundings: Surroundings) -> Int32 {
    var follower = EventFollower(folder: folder)
    let printer = EventPrinter(form: form, node: EventSearch(folder: folder).node)
    surroundings.print(printer.head)
    guard let wakeup = try? Wakeup() else { return 1 }
    while true {
      let now = UInt64(max(0, surroundings.nowUnixSeconds())) * 1000
      for block in follower.next() {
        surroundings.print(printer.text(block, fitting: filter.filter(now: now)))
      }
      wakeup.wait(milliseconds: 200)
    }
  }

  private func hold(in folder: String, _ surroundings: Surroundings) -> Int32 {
    let now = UInt64(max(0, surroundings.nowUnixSeconds())) * 1000
    guard arguments.operands.count == 3,
      let from = EventFilterOptions.time(arguments.operands[1], now: now),
      let until = EventFilterOptions.time(arguments.operands[2], now: now)
    else {
      surroundings.complain("gatehouse: hold FROM UNTIL\n")
      return 2
    }
    do throws(EventsError) {
      for path in try EventSearch(folder: folder).hold(from: from, until: until) {
        surroundings.print("\(path)\n")
      }
      return 0
    } catch {
      surroundings.complain("gatehouse: \(error)\n")
      return 1
    }
  }
}
