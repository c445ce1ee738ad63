/// Scripts of pages and of servers.
extension OwnRules {
  static var scripts: [OwnRule] {
    [
      OwnRule(
        19_004_001, "Script that shows itself",
        #"""
        @rx (?i)(?:^|[^\w.])(?:window\.|top\.|self\.|parent\.|this\.)?(?:alert|confirm|prompt|\#
        print|eval|atob|btoa|unescape|\#
        settimeout|setinterval|setimmediate|execscript|msgbox|importscripts|fetch|\$\.getscrip\#
        t|javascript)\s*\#
        (?:\.\s*(?:call|apply|bind)\s*)?(?:\(\s*(?:['\"`\d,\\/)\[{%!+]|document|window|this|nu\#
        ll|name|self|top|location|string|\w+\(|\w+\s*,\s*\d)|`)|\#
        \bx\s*=\s*alert\b|=\s*alert\b
        """#, steps: OwnRule.unescaped),
      OwnRule(
        19_004_002, "Script that reaches into its page",
        #"""
        @rx (?i)\bdocument\s*\.\s*(?:cookie|domain|write(?:ln)?|location|body|create(?:element\#
        |attr|text|event)\w*|queryselector\w*|\#
        getelement\w*|default\w*|execcommand|forms|images|scripts|url\b|documenturi|baseuri|re\#
        ferrer|title\s*=)|\#
        \b(?:window|self|top|parent|frames|globalthis|navigator|location|history)\s*\.\s*(?:lo\#
        cation|document|alert|eval|open\s*\(|\#
        name\s*=|constructor|localstorage|sessionstorage|onerror|href\s*=|hash|assign|replace\#
        \s*\(|sendbeacon|pushstate)|\#
        \b(?:document|window|self|top|parent|frames|globalthis|location)\s*\[\s*['\"`\[/+!(]|\#
        \.(?:inner|outer)html\s*=|\.textcontent\s*=|\.(?:cookie|fromcharcode|constructor\s*\()\#
        |\#
        \bstring\.fromcharcode\b|\breflect\.\w+|\bxmlhttprequest\b|\bactivexobject\b|\bonerror\#
        \s*=\s*\w+;\s*throw\b|\#
        \bjavascript\s*(?::|&colon;?|#)\s*(?:[^\s\w]|\w+\s*[(.=\[`])|\bvbscript\s*:|(?:=|:)\s*\#
        (?:x:)?url\s*\(\s*['\"]?\s*javascript|\bdata:\s*text/html
        """#, steps: OwnRule.unescaped + ["removeNulls"]),
      OwnRule(
        19_004_003, "Scheme of a script with gaps",
        #"""
        @rx (?i)(?!javascript|vbscript)(?:j\W{0,6}a\W{0,6}v\W{0,6}a|v\W{0,6}b)\W{0,6}s\W{0,6}c\#
        \W{0,6}r\W{0,6}i\W{0,6}p\W{0,6}t\W{0,6}(?::|&colon)|[\[{]\s*v-\w+|^v-\w+:\w+|ng-(?:app\#
        |init|click|csp|include|bind)\b
        """#,
        in: OwnRule.parameters,
        steps: ["utf8toUnicode", "urlDecodeUni", "htmlEntityDecode"]),
      OwnRule(
        19_004_004, "Script of signs alone",
        #"@rx (?:!\+|\[\]|!\[\]|\(\)\[|\+\[\]|\)\[\+){6}|\$=~\[\];|\]\(\!\[\]"#),
      OwnRule(
        19_004_005, "Markup bound to data",
        #"""
        @rx (?i)\b(?:datasrc|datafld|dataformatas)\s*=|<\s*(?:input|button|textarea|select|key\#
        gen|video|audio|details|body|html|style|title|form|isindex|dialog)\b[^>]{0,200}?\#
        (?:autofocus|on\w{3,}\s*=|formaction|src\s*=|background|action\s*=|open\b)|<x:\w+|<!--\#
        \W{0,6}<|&\{[^}]*\}|<\s*\w+:script|\#
        <[^>]{0,64}=[^>]{0,64}\bexpression\s*\(|\bbehaviou?r\s*:\s*url|-moz-binding|@import\s*\#
        ['\"(]|<d\s*i\s*a\s*l\s*o\s*g|\#
        \"\s*>\s*<\s*/?\s*(?:h\d|a|img|marquee|body|p|div|b|u|font|iframe|plaintext)\b[^>]*(?:\#
        >|$)|''\s*;\s*!--\"<
        """#, in: OwnRule.parameters, steps: OwnRule.unescaped),
      OwnRule(
        19_004_006, "Link or picture slipped in",
        #"""
        @rx (?i)^[^<]{0,100}[\"']\s*>\s*[\w.-]{0,64}\s*</a\s*>|<a\s+href\s*=\s*[\"']?\s*(?:htt\#
        ps?:)?//[^>]{1,200}>|<img\s[^>]{0,200}src\s*=\s*[\"'`]?(?:\w\b|[^\w\"'`/.{]|https?://[\#
        \d.]+[/\"'\s]|//)
        """#,
        in: OwnRule.parameters, steps: OwnRule.unescaped),
      OwnRule(
        19_004_007, "Script in another alphabet",
        #"@rx (?i)\+A(?:Dw|CI|Fs|HQ|D4)[-A-Z0-9+/]|\\xbcscript|%bcscript|¼script|\xbcscript"#,
        in: OwnRule.parameters + "|REQUEST_BODY", steps: []),

      OwnRule(
        19_004_101, "Prototype of an object",
        #"""
        @rx (?i)__proto__|\bconstructor\s*(?:\.|\[)\s*['\"]?(?:prototype|constructor|assign|ke\#
        ys)|\bprototype\s*(?:\[|\.\w+\s*[=\[])|\['?\"?(?:constructor|prototype)|:(?:constructo\#
        r|prototype|__proto__)\b|\bobject\.(?:assign|defineproperty|setprototypeof|create)\b|\#
        \.constructor\s*\(|__defin\w+__|__lookup\w+__
        """#,
        steps: OwnRule.unescaped),
      OwnRule(
        19_004_102, "Prototype as a name",
        #"@rx ^(?:json\.)?(?:__proto__|constructor|prototype)(?:$|[.\[])"#,
        in: "ARGS_NAMES", steps: OwnRule.unescaped),
      OwnRule(
        19_004_103, "Script of a server",
        #"""
        @rx (?i)\b(?:require|import)\s*\(\s*['\"`]|\bchild_process\b|\bprocess\s*(?:\.|\[)\s*[\#
        '\"]?(?:env|exit|mainmodule|binding|kill|argv|stdout|spawn|fork|popen|exec|clock|wait|\#
        abort|cwd|chdir|dlopen|setuid)|\#
        \bglobal(?:this)?\s*(?:\.|\[)\s*['\"]?(?:process|require|constructor)|\bmodule\.export\#
        s\b|\bbuffer\.from\s*\(|\bnew\s+(?:function|buffer|date|image|proxy)\s*\(|\#
        \bfunction\s*\w*\s*\([^)]{0,64}\)\s*\{|\(\s*\)\s*=>|\bwhile\s*\(\s*(?:true|[-+!\s]*(?\#
        :\w*(?:\(\w*\))?|''|\"\"|``))\s*\)|\bfor\s*\(\s*;\s*;|\#
        \bconsole\s*\.\s*(?:log|info|warn|error|debug|trace|dir|table|assert|time)\s*\(|\b(?:s\#
        pawn|exec|execfile|fork)(?:sync)?\s*\(\s*['\"`(]|\#
        \bfs\.(?:read|write|open|unlink)\w*|_\$\$nd_func\$\$_|\bresponse\.(?:write|end|send)\s\#
        *\(|\bthis\.constructor|"\$\w+:\w+(?::\w+)*"|['"]\$\d+:\w+|\#
        \b(?:kernel|io|file|dir|process|open3|pty)\.(?:system|exec|spawn|popen|open|read|sysco\#
        pen|fork)\b|\bobject_id\b.{0,20}send\(|\bunserialize\s*\(|\blogger\.(?:info|debug)\(
        """#, steps: OwnRule.unescaped),
      OwnRule(
        19_004_104, "Loop without an end, in base64",
        #"@rx (?i)\bwhile\s*\(\s*(?:true|1|!0)\s*\)"#,
        in: OwnRule.parameters, steps: ["urlDecodeUni", "base64Decode", "jsDecode"]),

      OwnRule(
        19_004_201, "Script of PHP",
        #"""
        @rx (?i)<\?(?!xml\s+(?:version|encoding)\b)|\[[/\\]?php\]|\$\{\s*(?:\W|_|['\"])|\$\s+\#
        \{|\$\s*\{\s*[\w$'\"]+\s*\}|\$_(?:get|post|request|server|cookie|session|files|env)\b|\#
        \$globals\b|\$http_\w+|\$(?:\w+)\s*\(\s*['\"$]|\$\w+\s*=\s*['\"$\w].{0,64};|\#
        \b(?:is_|array_|str_|preg_|file_|base64_|gz|curl_|socket_|stream_|func_|call_user_|reg\#
        ister_|get_defined_|ini_|php_|proc_|\#
        posix_|pcntl_|image\w{3,}|mb_|ob_|url|raw|html(?:specialchars|entities)|dir|fs?ock|mys\#
        qli?_|pg_|sqlite_|ftp_|zip_|xml_|session_|spl_|iterator_|create_|parse_|var_|debug_|hi\#
        ghlight_|show_|apache_|openlog|syslog|readfile|readlink|readgzfile|move_uploaded|set_|\#
        error_|escapeshell\w*|shell_|passthru|phpinfo|phpversion|popen|pfsockopen|assert|eval|\#
        exec|system|die|exit|unlink|fopen|fgets|fwrite|fread|fputs|mkdir|rmdir|chmod|copy|rena\#
        me|tempnam|glob|scandir|opendir|unserialize|serialize|extract|chr|ord|strrev|implode|e\#
        xplode|printf|print_r|define|constant)\w*\s*\(\s*(?:\)|['\"$]|\d)|\#
        \breturn\s*['\"]\w+['\"]\s*\(|['\"]\s*\.\s*['\"]\w+['\"]\s*\(|['\"\])}]\s*\(\s*(?:['\"\#
        ]\w+['\"]|\w+)\s*\)\s*(?:;|\.|$)|\(\s*['\"]?\w+['\"]?\s*\)\s*\(
        """#, in: OwnRule.parameters + "|REQUEST_HEADERS"),
      OwnRule(
        19_004_202, "Setting of PHP",
        #"""
        @rx (?i)\b(?:allow_url_(?:fopen|include)|auto_(?:prepend|append)_file|disable_(?:funct\#
        ions|classes)|display_errors|open_basedir|safe_mode|\#
        (?:opcache|mbstring|session|assert|zend|curl|date|ffi|filter|ibase|imap|intl|ldap|mail\#
        |mysqli?|mysqlnd|odbc|oci8|openssl|pcre|pdo\w*|pgsql|phar|soap|sqlite3?|sysvshm|tidy|u\#
        opz|user_agent|xdebug|xmlrpc|zlib|highlight|cgi|apc|arg_separator|browscap|cli_server|\#
        com)\.\w+|^(?:engine|extension|zend_extension|unserialize_\w+|precision|include_path|s\#
        endmail_path|variables_order)(?==))\s*=
        """#, in: OwnRule.parameters),
      OwnRule(
        19_004_203, "Upload that a server would run",
        #"""
        @rx (?i)\.(?:ph(?:p\d?|t(?:ml)?|ar|ps)|inc|module|jspx?[fx]?|jsw|jsv|aspx?|asa|cer|cfm\#
        l?|shtml?|cgi|pl|py|htaccess|web\.config|jar|war)[\s.;:%/]*(?:$|;|%00|\x00)|\bsess_[\w\#
        ,-]{16,}|\.(?:ph(?:p\d?|tml|ar)|jspx?)\.\w+$
        """#,
        in: OwnRule.fileNames),
      OwnRule(
        19_004_204, "Upload that passes for something else", "@rx .", in: "FILES_DISGUISED",
        steps: []),
    ]
  }
}
