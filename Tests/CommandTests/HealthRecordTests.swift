import Blueprint
import Testing

@testable import Command

@Suite struct HealthRecordTests {
  @Test func `So many answers in a row change the state, and one in between begins anew`() {
    var health = HealthBlueprint(path: "/")
    (health.unhealthyCount, health.healthyCount) = (3, 2)
    var record = HealthRecord()
    let answers = [false, false, true, false, false, false, false, true, false, true, true, true]
    let changes = answers.map { record.note(isGood: $0, health) }
    var expected = [HealthRecord.Change?](repeating: nil, count: answers.count)
    (expected[5], expected[10]) = (.unwell, .well)
    #expect(changes == expected)
  }
}
