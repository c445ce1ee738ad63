import Base

/// The limits of one kind of head, packed small: parsers move with the exchange they belong to.
struct HeadLimits: Sendable {
  private let method: UInt32
  private let target: UInt32
  private let field: UInt32
  private let head: UInt32
  private let count: UInt32

  /// The limits of requests.
  init(request limits: Limits) {
    method = UInt32(clamping: limits.methodBytesMax)
    target = UInt32(clamping: limits.targetBytesMax)
    field = UInt32(clamping: limits.fieldBytesMax)
    head = UInt32(clamping: limits.headBytesMax)
    count = UInt32(clamping: limits.fieldCountMax)
  }

  /// The limits of upstreams' responses, whose single fields have no limit of their own.
  init(response limits: Limits) {
    method = 0
    target = 0
    head = UInt32(clamping: limits.responseHeadBytesMax)
    field = head
    count = UInt32(clamping: limits.responseFieldCountMax)
  }

  var methodBytesMax: Int { Int(method) }
  var targetBytesMax: Int { Int(target) }
  var fieldBytesMax: Int { Int(field) }
  var headBytesMax: Int { Int(head) }
  var fieldCountMax: Int { Int(count) }
}
