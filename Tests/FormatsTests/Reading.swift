import Formats

/// Reads `text` as a file called `test.yaml`.
func read(_ text: String, limits: YAMLReader.Limits = YAMLReader.Limits()) -> (Node?, Diagnostics) {
  let diagnostics = Diagnostics(file: "test.yaml")
  var reader = YAMLReader()
  reader.limits = limits
  return (reader.read(Array(text.utf8), into: diagnostics), diagnostics)
}

/// What is reported about `text`, one line for each.
func complaints(_ text: String) -> [String] { read(text).1.sorted.map(\.description) }
