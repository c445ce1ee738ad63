import PolicyKit
import SecLang
import Synchronization

/// Rooms for looking at requests, which are used again: as many as requests were looked at at once.
final class InspectionRooms: Sendable {
  private let rules: RuleSet
  private let free = Mutex<[InspectionRoom]>([])

  init(_ rules: RuleSet) { self.rules = rules }

  /// A room that nobody else has; nil if memory is short.
  func take() -> InspectionRoom? {
    if let room = free.withLock({ $0.popLast() }) { return room }
    return InspectionRoom(rules)
  }

  func giveBack(_ room: InspectionRoom) {
    free.withLock { $0.append(room) }
  }
}
