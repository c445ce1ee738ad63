import Formats
import HTTP
import OpenAPI

/// The description that requests are held against.
private let shop = try? APIContract(
  Array(
    """
    openapi: 3.2.0
    paths:
      /a/{id}.{kind}:
        post:
          parameters:
            - { name: id, in: path, required: true, schema: { type: [integer, string] } }
            - { name: l, in: query, schema: { type: array, items: { type: number } } }
            - { name: p, in: query, style: pipeDelimited, explode: false,
                schema: { type: array, items: { type: boolean } } }
            - { name: o, in: query, style: deepObject,
                schema: { type: object, properties: { n: { type: integer } } } }
            - { name: x-h, in: header, schema: { type: object,
                properties: { a: { type: 'null' } } } }
            - { name: c, in: cookie, content: { application/json: { schema: {} } } }
          requestBody:
            content:
              application/json: { schema: { type: object } }
              application/xml:
                schema:
                  type: object
                  properties:
                    i: { type: integer, xml: { attribute: true } }
                    l: { type: array, items: { type: [number, string] } }
                    w: { type: array, xml: { wrapped: true, name: v }, items: { type: 'null' } }
                    n: { type: string, xml: { namespace: u, prefix: p } }
                    o: { type: object, properties: { t: { xml: { nodeType: text } } } }
              application/x-www-form-urlencoded:
                schema: { properties: { a: { type: array, items: { type: integer } } } }
    """.utf8))

/// Reads descriptions that the fuzzer makes up, and holds requests that it makes up against one.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOpenAPI(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Safety: the fuzzer's buffer has `count` bytes for the time of this call.
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  _ = try? APIContract(bytes)
  guard let shop else { preconditionFailure("the target's own description is not taken") }
  // Six lines are path, query, header, cookie, type and content.
  let parts = bytes.split(separator: 0x0A, maxSplits: 5, omittingEmptySubsequences: false)
    .map(Array.init)
  guard parts.count == 6 else { return 0 }
  var head = RequestHead()
  head.method = .post
  head.methodText = head.fields.store("POST")
  let (path, query) = (parts[0], parts[1])
  head.path = head.fields.store(path.span)
  head.query = head.fields.store(query.span)
  let names = ["x-h", "cookie", "content-type"]
  for (name, value) in zip(names, parts[2...4]) {
    head.fields.append(name: name.utf8.span, value: value.span)
  }
  let content = parts[5]
  head.framing = .length(content.count)
  var tape = JSONTape()
  var check = RequestCheck(shop, rules: RequestCheck.Rules(), head, path: head.path)
  check.checkHead(head, path: head.path, caller: CallerFacts(isKnown: true), &tape)
  check.checkContent(content.span, head, &tape)
  return 0
}
