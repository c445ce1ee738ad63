/// What became of one part of a file.
struct ImportNote: Hashable {
  enum Kind: String {
    /// It means the same here.
    case carried
    /// It is here, and means something else.
    case changed
    /// It has no counterpart, and is not here.
    case left
  }

  let kind: Kind
  /// Where it stood, such as `services[0].plugins[1]`.
  let place: String
  let words: String
}
