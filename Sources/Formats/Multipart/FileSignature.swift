import Base

/// What a file is by its first bytes, whatever it is called or declared as.
public enum FileSignature: String, CaseIterable, Sendable {
  case png, jpeg, gif, webp, bmp, tiff, icon, pdf, zip, gzip, mp3, mp4, wave, ogg, webm
  /// Programs and scripts, which servers may run.
  case program, script
  /// Pages, which browsers run scripts of.
  case page

  /// The media types, in lower case, that files with this signature may be declared as.
  public var types: [String] {
    switch self {
    case .png: ["image/png"]
    case .jpeg: ["image/jpeg", "image/jpg"]
    case .gif: ["image/gif"]
    case .webp: ["image/webp"]
    case .bmp: ["image/bmp", "image/x-ms-bmp"]
    case .tiff: ["image/tiff"]
    case .icon: ["image/x-icon", "image/vnd.microsoft.icon"]
    case .pdf: ["application/pdf"]
    case .zip: ["application/zip", "application/x-zip-compressed", "application/epub+zip"]
    case .gzip: ["application/gzip", "application/x-gzip"]
    case .mp3: ["audio/mpeg", "audio/mp3"]
    case .mp4: ["video/mp4", "audio/mp4", "image/heic", "image/avif", "video/quicktime"]
    case .wave: ["audio/wav", "audio/x-wav", "audio/wave"]
    case .ogg: ["audio/ogg", "video/ogg", "application/ogg"]
    case .webm: ["video/webm", "audio/webm", "video/x-matroska"]
    case .program: ["application/x-executable", "application/vnd.microsoft.portable-executable"]
    case .script: ["application/x-sh", "text/x-shellscript"]
    case .page:
      ["text/html", "application/xhtml+xml", "image/svg+xml", "application/xml", "text/xml"]
    }
  }

  /// The ends of names that such files have.
  public var extensions: [String] {
    switch self {
    case .jpeg: ["jpg", "jpeg", "jpe"]
    case .tiff: ["tif", "tiff"]
    case .icon: ["ico"]
    case .zip: ["zip", "docx", "xlsx", "pptx", "odt", "ods", "odp", "epub", "jar", "apk"]
    case .gzip: ["gz", "tgz"]
    case .mp4: ["mp4", "m4a", "m4v", "mov", "heic", "avif"]
    case .wave: ["wav"]
    case .ogg: ["ogg", "oga", "ogv", "opus"]
    case .webm: ["webm", "mkv", "weba"]
    case .program: ["exe", "dll", "so", "bin", "elf"]
    case .script: ["sh", "bash", "py", "pl", "rb"]
    case .page: ["html", "htm", "xhtml", "svg", "xml"]
    default: [rawValue]
    }
  }

  /// Whether it is a picture.
  public var isImage: Bool {
    switch self {
    case .png, .jpeg, .gif, .webp, .bmp, .tiff, .icon: true
    default: false
    }
  }

  /// Whether files of this kind can run somewhere, so that none is taken for anything else.
  public var isActive: Bool { self == .program || self == .script || self == .page }

  /// The signature of a content; nil if it has none that is known.
  public init?(_ content: Span<UInt8>) {
    func begins(_ bytes: [UInt8], at start: Int = 0) -> Bool {
      guard content.count >= start + bytes.count else { return false }
      for place in bytes.indices where content[start + place] != bytes[place] { return false }
      return true
    }
    func begins(_ text: StaticString, at start: Int = 0) -> Bool {
      begins(Array("\(text)".utf8), at: start)
    }
    if begins([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      self = .png
    } else if begins([0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else if begins("GIF87a") || begins("GIF89a") {
      self = .gif
    } else if begins("RIFF"), begins("WEBP", at: 8) {
      self = .webp
    } else if begins("RIFF"), begins("WAVE", at: 8) {
      self = .wave
    } else if begins("%PDF-") {
      self = .pdf
    } else if begins([0x50, 0x4B, 3, 4]) || begins([0x50, 0x4B, 5, 6]) {
      self = .zip
    } else if begins([0x1F, 0x8B, 8]) {
      self = .gzip
    } else if begins([0x49, 0x49, 0x2A, 0]) || begins([0x4D, 0x4D, 0, 0x2A]) {
      self = .tiff
    } else if begins([0, 0, 1, 0]) {
      self = .icon
    } else if begins("ftyp", at: 4) {
      self = .mp4
    } else if begins("OggS") {
      self = .ogg
    } else if begins([0x1A, 0x45, 0xDF, 0xA3]) {
      self = .webm
    } else if begins("ID3") || begins([0xFF, 0xFB]) {
      self = .mp3
    } else if begins([0x7F, 0x45, 0x4C, 0x46]) || begins("MZ") || begins([0xCA, 0xFE, 0xBA, 0xBE])
      || begins([0xCF, 0xFA, 0xED, 0xFE])
    {
      self = .program
    } else if begins("#!") || FileSignature.holds(content, "<?php", within: 1024) {
      self = .script
    } else if begins("BM"), content.count > 26 {
      self = .bmp
    } else if FileSignature.isPage(content) {
      self = .page
    } else {
      return nil
    }
  }

  /// Whether text that a server or browser would run stands anywhere in a content.
  public static func holdsScript(_ content: Span<UInt8>) -> Bool {
    holds(content, "<?php", within: content.count)
      || holds(content, "<script", within: content.count)
  }

  private static func isPage(_ content: Span<UInt8>) -> Bool {
    var at = 0
    if content.count >= 3, content[0] == 0xEF, content[1] == 0xBB, content[2] == 0xBF { at = 3 }
    while at < content.count, content[at] <= 0x20 { at += 1 }
    guard at < content.count, content[at] == UInt8(ascii: "<") else { return false }
    let rest = content.extracting(at...)
    let beginnings: [StaticString] = [
      "<!doctype", "<html", "<script", "<svg", "<?xml", "<body", "<iframe", "<head",
    ]
    return beginnings.contains { begins(rest, $0) }
  }

  /// Whether a text begins with another in lower case, whatever its own case.
  private static func begins(_ text: Span<UInt8>, _ other: StaticString) -> Bool {
    let count = other.utf8CodeUnitCount
    return text.count >= count
      && ASCII.equalsIgnoringCase(text.extracting(first: count), other)
  }

  private static func holds(
    _ content: Span<UInt8>, _ text: StaticString, within count: Int
  ) -> Bool {
    var at = 0
    let end = min(count, content.count)
    while at < end {
      if content[at] == UInt8(ascii: "<"), begins(content.extracting(at...), text) { return true }
      at += 1
    }
    return false
  }
}
