/// One response of an operation.
struct ContractResponse: Sendable {
  /// Which statuses it describes.
  enum Status: Hashable, Sendable {
    case exactly(Int)
    /// All of a hundred, by its first digit.
    case hundred(Int)
    case any

    /// The status or range that a name says, such as `200`, `4XX` or `default`; nil for others.
    init?(_ name: String) {
      if name == "default" {
        self = .any
      } else if name.utf8.count == 3, name.uppercased().hasSuffix("XX"),
        let digit = Int(name.prefix(1)), (1...5).contains(digit)
      {
        self = .hundred(digit)
      } else if name.utf8.count == 3, let status = Int(name), (100...599).contains(status) {
        self = .exactly(status)
      } else {
        return nil
      }
    }
  }

  let status: Status
  let headers: [ContractParameter]
  let contents: [ContractContent]
}
