import Formats

/// Forms that a member of the value chooses.
extension SchemaRun {
  /// Holds the form that the discriminating member chooses against the object at `place`.
  mutating func checkForm(
    _ frozen: SchemaNode.Frozen<SchemaNode.Discriminator>, _ place: Int, _ text: Span<UInt8>,
    _ marking: Bool
  ) -> Bool {
    var member = place + 1
    while member < Int(tape[place].next) {
      let value = member + 1
      if tape[member].says(frozen.value.name.utf8.span, in: text) {
        guard tape[value].kind == .string,
          let form = frozen.value.forms[tape[value].plain(in: text)]
        else {
          return refuse(
            "discriminator", value, "one of \(frozen.value.forms.count) names of forms")
        }
        return holds(form, place, text, marksWanted: marking)
      }
      member = Int(tape[value].next)
    }
    return refuse("discriminator", place, "member '\(frozen.value.name)'")
  }
}
