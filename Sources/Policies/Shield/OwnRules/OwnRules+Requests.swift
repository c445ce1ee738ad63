/// Requests and messages that are slipped into those of the server.
extension OwnRules {
  static var requests: [OwnRule] {
    let many = OwnRule.decodedTwice
    return [
      OwnRule(
        19_007_001, "Field or line slipped into a message",
        #"""
        @rx (?i)(?:[\r\n]|\\r\\n|\\n|%0[ad]|嘊|嘍)+\s*(?:0[ad])?\s*(?:set-cookie2?\#
        |location|content-(?:type|length|disposition|security-policy)|\#
        x-[a-z-]{2,30}|http/\d|host|cookie|transfer-encoding|connection|refresh|access-control\#
        -[\w-]+|link|server|last-modified|etag|expires|status)\s*[:/]|\#
        [\r\n]\s*(?:quit|rcpt\s+to|mail\s+from|data|helo|ehlo|rset|vrfy|expn|noop|stat|list|re\#
        tr|dele|uidl|apop|capability|examine|fetch|select\s+inbox|bcc|cc|subject|to|from)\s*(?\#
        ::|[\r\n]|$)|\#
        [\r\n](?:get|post|put|delete|head|options|patch|connect)\s+\S+\s+http/\d|^(?:\r\n|\n\r\#
        )+$|^(?:\\r\\n)+$|[\r\n]\s*<\s*(?:script|html|svg)
        """#, in: OwnRule.parameters + "|REQUEST_FILENAME", steps: many),
      OwnRule(
        19_007_002, "Host that only the server should reach",
        #"""
        @rx (?i)(?:^|[/@=\s,'\"])(?:169\.254\.169\.254|169\.254\.170\.2|\[?fd00:ec2::254|100\.\#
        100\.100\.200|192\.0\.0\.192|metadata\.google\.internal|metadata\.azure\.\w+|metadata\#
        \.tencentyun|metadata/?(?:v1|instance|latest)\b|\#
        instance-data(?:\.ec2\.internal)?|rancher-metadata|kubernetes\.default(?:\.svc)?|kuber\#
        netes\.docker\.internal|host\.(?:docker|containers)\.internal|localhost\.localdomain|g\#
        ateway\.docker\.internal|localtest\.me|burpcollaborator\.net|\#
        (?:\w+\.)*(?:nip|sslip|xip)\.io|lvh\.me|ip6-(?:loopback|localhost)|spoofed\.\w+\.burp|\#
        2852039166|0xa9fea9fe|0251\.0376|0x7f000001|2130706433|017700000001|0177\.0?|0x7f\.)|\#
        latest/(?:meta-data|user-data|dynamic)|/metadata/(?:v1|instance)|computemetadata/v1|\.\#
        oastify\.com|\.interact\.sh|\.oast\.\w+
        """#, steps: many),
      OwnRule(
        19_007_003, "Address of the server itself",
        #"""
        @rx (?i)^(?:(?:https?|ftp|gopher|dict|ws|wss):)?/{0,3}(?:[^@/\s]*@)?(?:(?:localhost|12\#
        7\.\d{1,3}\.\d{1,3}\.\d{1,3}|127\.1|0\.0\.0\.0|0|\[::(?:1|ffff:[\da-f.:]+)?\]|\[0:0:0:\#
        0:0:(?:0|ffff):[\da-f.:]+\])(?::(?:22|23|25|80|443|8080|3306|5432|6379|9200|27017|1121\#
        1|2375|2379|10250)\b[/?]?|/+(?:admin|server-status|console|actuator|manager|\?|$)|/$|:\#
        \d+/$)|localhost(?:\.localdomain)?/+\s*$)
        """#,
        in: OwnRule.parameters, steps: many),
      OwnRule(
        19_007_004, "Command of an include",
        #"""
        @rx (?i)<!--\s*#\s*(?:exec|include|echo|printenv|config|set|fsize|flastmod|if)\b|<\s*/\#
        ?\s*esi:\w|<!--esi\b|</?nowiki\s*>|\[\[(?:include|exec)
        """#,
        steps: OwnRule.unescaped),
      OwnRule(
        19_007_005, "Document with entities of its own",
        #"""
        @rx (?i)<!(?:entity|doctype\s+\w+\s*(?:\[|system|public\s+[\"'][^\"']*[\"']\s+[\"'](?:\#
        file|https?|ftp|php|gopher|expect|data|jar|netdoc):)|attlist|element)|<!\[cdata\[\s*<\#
        \s*\]\]>|<xi:include|xinclude|&(?!(?:amp|lt|gt|quot|apos|nbsp|copy|reg|[a-z]{2,8}\d?);\#
        )[a-z]\w{3,40};|xsi:(?:nonamespace)?schemalocation\s*=|<\?xml-stylesheet|<xsl:|<xml\s+\#
        (?:id|src)\s*=|!\[cdata\[|<methodcall>|encoding\s*=\s*[\"']utf-(?:7|16|32)
        """#,
        in: "REQUEST_BODY|ARGS|XML:/*|XML://@*", steps: ["urlDecodeUni"]),
      OwnRule(
        19_007_006, "Session chosen by somebody else",
        #"""
        @rx (?i)^(?:json\.)?(?:jsessionid|aspsessionid\w*|asp\.net_sessionid|phpsession|phpses\#
        sid|weblogicsession|session[-_]?id|cfid|cftoken|cfsid|jservsession|jwsession|(?:_|ci_|\#
        play_|laravel_|rack\.|connect\.|koa[.:]|express[.:]|wordpress_|django_|rails_|_rails_|\#
        _\w+_)?(?:session|sess|sid)(?:id|[-_.]token)?|sessid|(?:__secure-|__host-)?(?:next-aut\#
        h|authjs)\.session-token|meteor_login_token|viewstate_session|\w*\.aspxauth|\w+_sessio\#
        n)$
        """#,
        in: "ARGS_NAMES",
        links: [
          ("REQUEST_HEADERS:Referer", "@rx ^https?://([^/:]*)"),
          ("TX:1", "!@streq %{request_headers.host}"),
        ]),
      OwnRule(
        19_007_007, "Session set by a script",
        #"""
        @rx (?i)\bset-cookie\b.{0,200}?=|\.cookie\b.{0,100}?;\W*?(?:expires|domain)\W*?=|\bhtt\#
        p-equiv\W+set-cookie\b
        """#,
        in: OwnRule.parameters, steps: OwnRule.unescaped),
    ]
  }
}
