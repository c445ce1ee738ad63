import Base
import HTTP

/// The fields of a request that a line may show, found in one pass.
struct LoggedFields {
  var userAgent = Slice.empty
  var referer = Slice.empty
  var contentType = Slice.empty
  var trace = Slice.empty
  /// How often the trace is told.
  var traceCount = 0

  init(_ fields: borrowing Fields) {
    for index in fields.lines.indices {
      let line = fields.lines[index]
      if line.name.isEmpty { continue }
      switch line.id {
      case .userAgent: if userAgent.isEmpty { userAgent = line.value }
      case .referer: if referer.isEmpty { referer = line.value }
      case .contentType: if contentType.isEmpty { contentType = line.value }
      case .traceparent:
        traceCount += 1
        trace = line.value
      default: continue
      }
    }
  }
}
