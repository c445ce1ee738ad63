/// Why detection cannot be as the configuration has it.
struct DetectionError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
