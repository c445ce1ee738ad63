import CYAML

// Safety: the pointers never leave this type, which owns what they point to.
/// The events of a YAML text, as libyaml parses them: the only file that touches the library.
@safe struct YAMLEvents: ~Copyable {
  /// An event without its text, which is fetched from the event that stands.
  enum Event {
    case streamStart, streamEnd, documentStart, documentEnd
    case scalar(isPlain: Bool)
    case alias
    case sequenceStart, sequenceEnd, mappingStart, mappingEnd
    /// The text is no YAML.
    case failure
  }

  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let event: UnsafeMutablePointer<yaml_event_t>

  /// Parses `bytes`, which must stay where they are for as long as this value lives. Nil if memory
  /// is short.
  @unsafe
  init?(_ bytes: UnsafeBufferPointer<UInt8>) {
    // Safety: both are owned by this value, freed in `deinit`, and zero is a valid first state.
    unsafe parser = .allocate(capacity: 1)
    unsafe event = .allocate(capacity: 1)
    unsafe parser.initialize(to: yaml_parser_t())
    unsafe event.initialize(to: yaml_event_t())
    guard unsafe yaml_parser_initialize(parser) == 1 else { return nil }
    unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    unsafe yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
  }

  deinit {
    // Safety: allocated and initialised in `init`; the library allows deleting a zeroed event.
    unsafe yaml_event_delete(event)
    unsafe yaml_parser_delete(parser)
    unsafe event.deallocate()
    unsafe parser.deallocate()
  }

  /// Goes on to the next event, which then stands until the next call.
  mutating func next() -> Event {
    // Safety: the event is ours, deleted before it is written again; a union member is read only
    // under the type that says it was written.
    unsafe yaml_event_delete(event)
    guard unsafe yaml_parser_parse(parser, event) == 1 else { return .failure }
    switch unsafe event.pointee.type {
    case YAML_STREAM_START_EVENT: return .streamStart
    case YAML_DOCUMENT_START_EVENT: return .documentStart
    case YAML_DOCUMENT_END_EVENT: return .documentEnd
    case YAML_ALIAS_EVENT: return .alias
    case YAML_SCALAR_EVENT:
      return .scalar(isPlain: unsafe event.pointee.data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
    case YAML_SEQUENCE_START_EVENT: return .sequenceStart
    case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
    case YAML_MAPPING_START_EVENT: return .mappingStart
    case YAML_MAPPING_END_EVENT: return .mappingEnd
    default: return .streamEnd
    }
  }

  /// Where the event that stands begins.
  var position: Position {
    // Safety: the event is initialised for as long as this value lives.
    YAMLEvents.position(unsafe event.pointee.start_mark)
  }

  /// Appends the text of the scalar that stands.
  func appendText(to text: inout [UInt8]) {
    // Safety: the member that the type names was written; the library's value has that length.
    guard unsafe event.pointee.type == YAML_SCALAR_EVENT else { return }
    let scalar = unsafe event.pointee.data.scalar
    unsafe text.append(contentsOf: UnsafeBufferPointer(start: scalar.value, count: scalar.length))
  }

  /// The anchor of the node that stands, or the name that the alias refers to.
  var anchor: String? {
    // Safety: as for `appendText`.
    switch unsafe event.pointee.type {
    case YAML_ALIAS_EVENT: return unsafe YAMLEvents.string(event.pointee.data.alias.anchor)
    case YAML_SCALAR_EVENT: return unsafe YAMLEvents.string(event.pointee.data.scalar.anchor)
    case YAML_SEQUENCE_START_EVENT:
      return unsafe YAMLEvents.string(event.pointee.data.sequence_start.anchor)
    case YAML_MAPPING_START_EVENT:
      return unsafe YAMLEvents.string(event.pointee.data.mapping_start.anchor)
    default: return nil
    }
  }

  /// The explicit tag of the node that stands, written out.
  var tag: String? {
    // Safety: as for `appendText`.
    switch unsafe event.pointee.type {
    case YAML_SCALAR_EVENT: return unsafe YAMLEvents.string(event.pointee.data.scalar.tag)
    case YAML_SEQUENCE_START_EVENT:
      return unsafe YAMLEvents.string(event.pointee.data.sequence_start.tag)
    case YAML_MAPPING_START_EVENT:
      return unsafe YAMLEvents.string(event.pointee.data.mapping_start.tag)
    default: return nil
    }
  }

  /// What is wrong, after `.failure`: the library's words, with the place, or, when the bytes are
  /// no text, their offset.
  var failure: (problem: String, position: Position, offset: Int?) {
    // Safety: after a failure the library left a static string or null in `problem`.
    let problem = unsafe parser.pointee.problem.map { unsafe String(cString: $0) }
    let isReader = unsafe parser.pointee.error == YAML_READER_ERROR
    return (
      problem ?? "out of memory", YAMLEvents.position(unsafe parser.pointee.problem_mark),
      isReader ? unsafe Int(parser.pointee.problem_offset) : nil
    )
  }

  private static func position(_ mark: yaml_mark_t) -> Position {
    Position(line: Int(clamping: mark.line) + 1, column: Int(clamping: mark.column) + 1)
  }

  private static func string(_ text: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    // Safety: the library ends its strings with a zero byte.
    unsafe text.map { unsafe String(cString: $0) }
  }
}
