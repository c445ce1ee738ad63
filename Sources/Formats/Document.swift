/// The nodes of one parsed document, in flat arrays: three allocations whatever its size.
final class Document: Sendable {
  struct Record {
    var kind: Node.Kind
    /// For a scalar: whether it is text whatever it looks like, because it was quoted or tagged.
    var isText = false
    var line: UInt32
    var column: UInt32
    /// For a scalar the offset in `text`, else in `children`.
    var first: UInt32 = 0
    /// For a scalar its bytes, else its children; a mapping has two for each pair.
    var count: UInt32 = 0
  }

  let records: [Record]
  let children: [UInt32]
  let text: [UInt8]

  init(records: [Record], children: [UInt32], text: [UInt8]) {
    self.records = records
    self.children = children
    self.text = text
  }
}
