import Base
import Formats
import HTTP
import Schema

/// Forms of several parts (RFC 7578): fields, JSON and files.
extension RequestCheck {
  /// One part with the place of its content.
  struct Part {
    var head: MultipartPart
    var content: Range<Int>
  }

  mutating func checkMultipart(
    _ content: Span<UInt8>, _ declared: ContractContent, _ boundary: [UInt8]?,
    _ tape: inout JSONTape
  ) {
    guard let schema = declared.schema else { return }
    let parts: [Part]
    do throws(MultipartFault) {
      parts = try RequestCheck.parts(content, boundary)
    } catch {
      return add(
        ContractViolation(
          .body, "", "syntax", "multipart/form-data",
          found: "\(error.detail.rawValue), at byte \(error.offset)"))
    }
    for part in parts {
      let name = String(decoding: part.head.name, as: UTF8.self)
      checkPart(part, "/\(name)", declared, content.extracting(part.content), &tape)
    }
    guard isSound else { return }
    let members = parts.map { PartValue($0, declared, in: content) }
    let value = check(schema, .body, "", &tape) {
      PartValue.object(members, declared.shape, asText: $0)
    }
    checkMembers(of: value, declared, &tape)
  }

  private static func parts(
    _ content: Span<UInt8>, _ boundary: [UInt8]?
  ) throws(MultipartFault) -> [Part] {
    var limits = MultipartLimits()
    limits.partsMax = RequestCheck.pairsMax
    guard let boundary, var scanner = MultipartScanner(boundary: boundary, limits: limits) else {
      throw MultipartFault(.boundary)
    }
    var parts: [Part] = []
    while true {
      switch try scanner.next(content, isLast: true) {
      case .part(let head): parts.append(Part(head: head, content: 0..<0))
      case .content(let range): parts[parts.count - 1].content = range
      case .endOfPart: continue
      case .end, .needMore: return parts
      }
    }
  }

  /// Checks what a part is declared as against what it is.
  private mutating func checkPart(
    _ part: Part, _ pointer: String, _ declared: ContractContent, _ content: Span<UInt8>,
    _ tape: inout JSONTape
  ) {
    let written = part.head.contentType
    let type = written.flatMap { MediaType($0.span) }
    if written != nil, type == nil {
      return add(ContractViolation(.body, pointer, "content-type", "a media type", found: "other"))
    }
    let wanted = declared.partTypes.first { $0.name == part.head.name }?.types ?? []
    if !wanted.isEmpty {
      let own = type?.essence ?? Array("text/plain".utf8)
      guard wanted.contains(where: { ContractContent.fit($0, own) > 0 }) else {
        let names = wanted.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ", ")
        return add(
          ContractViolation(.body, pointer, "content-type", names, found: "another"))
      }
    }
    if part.head.fileName != nil {
      return checkFile(part.head, pointer, type, content)
    }
    // RFC 7578 §4.6: a field of this name would say how the others are to be read.
    let isUTF8 = type?.isUTF8 ?? true
    guard isUTF8, part.head.name != Array("_charset_".utf8) else {
      return add(ContractViolation(.body, pointer, "charset", "utf-8", found: "another"))
    }
    if let type, ContractContent.kind(of: String(decoding: type.essence, as: UTF8.self)) == .json {
      do throws(JSONFault) {
        try tape.read(content)
      } catch {
        add(ContractViolation(.body, pointer, "syntax", "JSON", found: "\(error)"))
      }
    }
  }

  /// Holds a file's name, its declared type and its first bytes against one another.
  private mutating func checkFile(
    _ head: MultipartPart, _ pointer: String, _ type: MediaType?, _ content: Span<UInt8>
  ) {
    let name = head.fileName ?? []
    if let problem = FileName.problem(name) {
      return add(ContractViolation(.body, pointer, "filename", problem, found: "another"))
    }
    if content.count == 0 { return }
    let signature = FileSignature(content)
    let found = signature?.rawValue ?? "no such file"
    let essence = type.map { String(decoding: $0.essence, as: UTF8.self) } ?? ""
    let declared = FileSignature.allCases.first { $0.types.contains(essence) }
    let isOther =
      (declared.map { !$0.isActive && $0 != signature } ?? false)
      || (signature.map { $0.isActive && !$0.types.contains(essence) } ?? false)
    if isOther {
      return add(
        ContractViolation(
          .body, pointer, "signature", declared?.rawValue ?? "nothing that can run", found: found))
    }
    if let end = FileName.end(name),
      let named = FileSignature.allCases.first(where: { $0.extensions.contains(end) }),
      !named.isActive, named != signature
    {
      return add(
        ContractViolation(.body, pointer, "signature", named.rawValue, found: found))
    }
    if let signature, signature.isImage, FileSignature.holdsScript(content) {
      add(ContractViolation(.body, pointer, "signature", "an image alone", found: "a script in it"))
    }
  }
}
