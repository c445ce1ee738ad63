/// Names of tags, attributes and events, by a hash of their letters.
struct MarkupNames: Sendable {
  /// All of them.
  static let standard = MarkupNames()

  private let opening: Set<UInt64>
  private let closing: Set<UInt64>
  private let events: Set<UInt64>
  private let addresses: Set<UInt64>
  private let documents: Set<UInt64>
  private let style: UInt64

  /// Whether a tag of that name does harm by itself.
  func opens(_ hash: UInt64) -> Bool { opening.contains(hash) }
  /// Whether the end of such a tag lets out of where text does no harm.
  func closes(_ hash: UInt64) -> Bool { closing.contains(hash) }
  func isEvent(_ hash: UInt64) -> Bool { events.contains(hash) }
  /// Whether the attribute's value is an address that is followed.
  func isAddress(_ hash: UInt64) -> Bool { addresses.contains(hash) }
  /// Whether any value of the attribute is a page or a script.
  func isDocument(_ hash: UInt64) -> Bool { documents.contains(hash) }
  func isStyle(_ hash: UInt64) -> Bool { hash == style }

  private static func hash(_ text: Substring) -> UInt64 {
    text.utf8.reduce(SQLWords.seed) { SQLWords.add($1, to: $0) }
  }

  private static func hashes(_ text: String, prefix: String = "") -> Set<UInt64> {
    Set(text.split(separator: " ").map { hash(prefix + $0) })
  }

  private init() {
    opening = MarkupNames.hashes(
      """
      script iframe frame frameset object embed applet meta base link svg math isindex bgsound \
      ilayer layer xml xss vmlframe import listener handler foreignobject animate animatetransform \
      animatemotion set template noscript comment marquee portal plaintext x-script
      """)
    closing = MarkupNames.hashes(
      "script textarea title style iframe xmp noscript noembed noframes select svg math")
    addresses = MarkupNames.hashes(
      """
      href src action formaction data background poster cite codebase classid code dynsrc lowsrc \
      longdesc manifest ping profile usemap from to values by folder archive content
      """)
    documents = MarkupNames.hashes("srcdoc formaction fscommand seeksegmenttime")
    style = MarkupNames.hash("style")
    events = MarkupNames.hashes(MarkupNames.eventNames, prefix: "on")
  }

  private static let eventNames = """
    abort activate afterprint afterscriptexecute afterupdate animationcancel animationend \
    animationiteration animationstart auxclick beforeactivate beforecopy beforecut \
    beforedeactivate beforeeditfocus beforeinput beforepaste beforeprint beforescriptexecute \
    beforetoggle beforeunload beforeupdate begin blur bounce cancel canplay canplaythrough \
    cellchange \
    change click close command contentvisibilityautostatechange contextmenu controlselect copy \
    cuechange cut dataavailable datasetchanged datasetcomplete dblclick deactivate devicemotion \
    deviceorientation drag dragend dragenter dragexit dragleave dragover dragstart drop \
    durationchange emptied end ended error errorupdate filterchange finish focus focusin focusout \
    formchange formdata forminput fullscreenchange fullscreenerror gesturechange gestureend \
    gesturestart gotpointercapture hashchange help input invalid keydown keypress keyup \
    languagechange layoutcomplete load loadeddata loadedmetadata loadend loadstart losecapture \
    lostpointercapture message messageerror mousedown mouseenter mouseleave mousemove mouseout \
    mouseover mouseup mousewheel move moveend movestart offline online open orientationchange \
    outofsync page pagehide pageshow paste pause play playing pointercancel pointerdown \
    pointerenter pointerleave pointermove pointerout pointerover pointerrawupdate pointerup \
    popstate progress propertychange ratechange readystatechange rejectionhandled repeat reset \
    resize resizeend resizestart reverse rowdelete rowenter rowexit rowinserted rowsenter scroll \
    scrollend scrollsnapchange search securitypolicyviolation seek seeked seeking select \
    selectionchange selectstart show slotchange stalled start stop storage submit suspend \
    syncrestored timeerror timeupdate toggle touchcancel touchend touchmove touchstart \
    trackchange transitioncancel transitionend transitionrun transitionstart unhandledrejection \
    unload urlflip volumechange waiting webkitanimationend webkitanimationiteration \
    webkitanimationstart webkitmouseforcechanged webkitmouseforcedown webkitmouseforceup \
    webkitmouseforcewillbegin webkitplaybacktargetavailabilitychanged \
    webkitpresentationmodechanged \
    webkittransitionend webkitwillrevealbottom wheel zoom
    """
}
