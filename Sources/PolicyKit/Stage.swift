/// The order in which policies run; within a stage, the configuration's order holds.
public enum Stage: UInt8, CaseIterable, Comparable, Sendable {
  case admission, identification, authorization, quota, inspection, transformation

  public static func < (left: Stage, right: Stage) -> Bool { left.rawValue < right.rawValue }
}
