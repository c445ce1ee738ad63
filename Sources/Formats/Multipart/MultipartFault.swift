/// Why a text is not taken for multipart content: what is wrong, and at which byte.
public struct MultipartFault: Error, Hashable, Sendable {
  /// What can be wrong.
  public enum Detail: String, Hashable, Sendable {
    case boundary = "no sound boundary"
    case preamble = "text before the first boundary"
    case delimiter = "more on the line of a boundary"
    case epilogue = "text behind the last boundary"
    case unfinished = "no last boundary"
    case parts = "too many parts"
    case fields = "too many header fields in a part"
    case line = "a header line that is too long, or has no sound end"
    case field = "a header field that no part may have, or twice"
    case disposition = "no sound Content-Disposition"
    case encoding = "a Content-Transfer-Encoding that changes the content"
    case nested = "a part that is multipart itself"
    case name = "a name that is empty, too long, or holds what names must not"
  }

  /// What exactly is wrong.
  public let detail: Detail
  /// The place, counted in bytes from 0.
  public let offset: Int

  /// A fault at a place; of a boundary there is none.
  public init(_ detail: Detail, at offset: Int = 0) {
    self.detail = detail
    self.offset = offset
  }
}
