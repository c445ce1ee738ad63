/// Queries of databases and directories.
extension OwnRules {
  /// Functions of databases whose names are no words of a language.
  private static let functions = """
    ascii|atan2?|bin_to_num|bit_(?:and|count|length|or|xor)|char_length|character_length|charindex|\
    ci?hr|compress|concat(?:_ws)?|conv|convert_tz|cos|cot|crc32|cur(?:date|time)|\
    current_(?:date|role|\
    schemas?|time|timestamp|user)|database_to_xml|date_(?:add|format|sub)|dayof(?:month|week|year)|\
    dcount|decode|des_(?:de|en)crypt|elt|encode|exp|export_set|extractvalue|find_in_set|\
    from_(?:base64|days|unixtime)|get_(?:format|lock)|group_concat|hex(?:toraw)?|if(?:null)?|\
    in(?:et6?_(?:aton|ntoa)|str)|is_(?:free_lock|ipv4|ipv6|used_lock)|isnull|jsonb?_\\w+|\
    last_(?:day|insert_id)|lcase|ln|lo_(?:export|from_bytea|get|import|put)|load_file|log(?:10|2)|\
    lpad|ltrim|make(?:_set|date)|master_pos_wait|md5|mid|name_const|no(?:t_in|w)|nullif|nvl2?|oct|\
    octet_length|old_password|ord|period_(?:add|diff)|pg_\\w+|pi|pow(?:er)?|procedure_analyse|\
    query_to_xml|quotename|radians|rand(?:omblob)?|rawto(?:hex|nhex)|regexp_\\w+|\
    release_lock|row_(?:count|to_json)|rpad|rtrim|schema_to_xml|sec_to_time|\
    session_user|sha[12]?|sin|soundex|sqrt|starts_with|stddev(?:_\\w+)?|str_to_date|strcmp|\
    string_(?:agg|to_array)|sub(?:date|str(?:ing(?:_index)?)?|time)|sys(?:date|tem_user)|\
    table_to_xml|tan|time_(?:format|to_sec)|timestamp(?:add|diff)|to_(?:ascii|base64|char|date|\
    days|hex|json|n?char|number|seconds|timestamp)|trim|trunc(?:ate)?|u(?:case|nhex|ncompress\
    (?:ed_length)?|nix_timestamp|pdatexml|tc_\\w+|uid(?:_short)?)|utl_\\w+|var(?:_\\w+|iance)|\
    week(?:day|ofyear)|xml(?:agg|concat|element|exists|forest|parse|pi|query|root|serialize|table|\
    type)|xpath(?:_exists)?|year(?:week)?
    """

  /// Operators of documents in queries.
  private static let operators = """
    eq|ne|gte?|lte?|n?in|not|n?or|and|exists|type|regex|options|where|expr|mod|text|size|all|\
    elemMatch|jsonSchema|function|accumulator|lookup|comment|slice|rand|natural|unset|push|pull|\
    inc|rename|out|merge|geoWithin|geoIntersects|near(?:Sphere)?|bits(?:All|Any)(?:Clear|Set)
    """

  static var queries: [OwnRule] {
    [
      OwnRule(
        19_002_001, "Call of a database function",
        #"@rx (?i)(?:^|[^\w.$-])(?:\#(functions))(?:\\?\(|\s+\(\s*(?:$|['\"\d@)]|\w+\s*[,)]))"#,
        in: OwnRule.parameters),
      OwnRule(
        19_002_002, "Cast of a database",
        #"""
        @rx (?i)::\s*(?:jsonb?|(?:big|small)?int\d?|bigint|text|double\s+precision|numeric|real|\#
        bool(?:ean)?|uuid|bytea|inet|xml|varchar|float\d?|regclass)\b
        """#, in: OwnRule.parameters),
      OwnRule(
        19_002_003, "Operator on documents in a query",
        #"""
        @rx (?i)['\"}\]]\s*(?:::\s*jsonb?\s*)?(?:<@|@>|\?[|&]?|#>>?|->>?|@\?|@@|\|\||[<>@])\s*\#
        (?:/\*.{0,64}?\*/)?\s*(?:'(?:[{\[$]|\w+')|array\s*\[)|json_\w+\s*(?:/\*.{0,64}?\*/)?\s*\(
        """#, in: OwnRule.parameters),
      OwnRule(
        19_002_004, "Condition at the begin of a value",
        #"""
        @rx (?i)^[\s'\")]*(?:or|and|xor|having|\|\||&&)[\s(!~+-]+(?:not\s+)?(?:\w+|'[^']*'|\"[\#
        ^\"]*\")\#
        \s*(?:[=<>]|!=|like\b|is\s|in\s*\(|between\s|--|#|/\*)
        """#, in: OwnRule.parameters),
      OwnRule(
        19_002_005, "Whole query",
        #"""
        @rx (?i)^[\s(]*select\b[\s(]*(?:[-+!~@'\"\d*(]|\w+\s*\(|distinct\b|top\s+\d|all\b|\w+\#
        \s*,|[a-z_]+\.)\#
        .{0,1000}?\bfrom\b
        """#, in: OwnRule.parameters),
      OwnRule(
        19_002_006, "Statement of a database",
        #"""
        @rx (?i)(?:^|[;'\"(]\s*)(?:insert\s+into\s+[\w.`\"\[]+\s*(?:\(|values|select)|\#
        delete\s+from\s+[\w.`\"\[]+(?:\s+where|\s*[;'\"#-]|\s*$)|update\s+[\w.`\"\[\]]+\s+set\#
        \s+\w+\s*=|\#
        (?:drop|alter|truncate)\s+(?:table|database|schema|view|user|procedure|function|index)\#
        \s+\w|\#
        create\s+(?:or\s+replace\s+)?(?:table|database|user|procedure|function|trigger)\s+\w+\#
        \s*[('\"]|\#
        exec(?:ute)?\s+(?:immediate\b|master\b|xp_|sp_|\(|@)|declare\s+@?\w+\s+(?:n?varchar|in\#
        t|cursor)|\#
        waitfor\s+(?:delay|time)\b|load\s+data\s+(?:local\s+)?infile|into\s+(?:out|dump)file|\#
        merge\s+into\s+\w+\s+using|handler\s+\w+\s+(?:open|read)|copy\s+\w+\s*(?:\([^)]*\)\s*)\#
        ?(?:to|from)\s+(?:program|'))
        """#, in: OwnRule.parameters),
      OwnRule(
        19_002_007, "Address cut off by a quote",
        #"@rx (?i)\w@[\w.-]+\.\w{2,}['\"]\s*(?:;|--|#|/\*|\|\||or\b|and\b|\))"#,
        in: OwnRule.parameters),
      OwnRule(
        19_002_008, "Number that databases and runtimes stumble over",
        #"""
        @rx ^(?:2\.2250738585072011e-308|2\.2250738585072007e-308|4294967296|-?2147483648|2147\#
        483649|\#
        0000023456|0x100000000|3\.0\.00738585072|1e309|-?9223372036854775809)$
        """#, in: OwnRule.parameters),
      OwnRule(
        19_002_009, "Condition in a clause of its own",
        #"""
        @rx (?i)['\")\d]\s*(?:where|having)\s+[\w'\"]+\s*(?:=|<|>|like\s)\s*[\w'\"]+.{0,200}?\#
        (?:--|#|/\*|order\s+by|group\s+by|;|$)|,\s*\(\s*case\s+when\b|\d\.e\s*\(|\#
        /\*[!+].{0,200}?\*/|procedure\s+analyse|\bas\s+[\"']\w+[\"']\s+from\s+\w
        """#, in: OwnRule.parameters),

      OwnRule(
        19_002_101, "Operator of a document query as a name",
        #"@rx (?:^|[\[.{,\s'\"])\$(?:\#(operators))(?:$|[\]\[.'\"\s:])"#,
        in: "ARGS_NAMES|REQUEST_COOKIES_NAMES"),
      OwnRule(
        19_002_102, "Operator of a document query in a value",
        #"""
        @rx [\[{,(]\s*['\"]?\$(?:\#(operators))['\"]?\s*:|^['\"]?\$(?:where|regex|ne|gte?|lte?\#
        )\b|\[\$\w+\]
        """#,
        in: OwnRule.parameters),
      OwnRule(
        19_002_103, "Script in a document query",
        #"""
        @rx (?i)\bdb\.\w+(?:\.\w+)*\.?(?:insert|find|drop|update|remove|delete|aggregate|count\#
        |save|eval|\#
        map_?reduce|get)\w*\s*\(|\b(?:this|obj|doc)\.\w+(?:\.\w+)*\s*(?:==|!=|=~|>=|<=|\.match)|\#
        (?:\|\||&&)\s*['\"]?(?:\d+|\w)['\"]?\s*===?\s*['\"]?(?:\d+|\w)|\$where\b|[;{]\s*return\#
        \s*(?:\(|true|false|\d|this)|\#
        \bnew\s+date\s*\(|\bdo\s*\{.{0,200}?\}\s*while\s*\(|\$comment\s*:|\}\s*,\s*\$\w+\s*:|\#
        \bsleep\(\d+\)|\#
        \bmapreduce\b|\btojson\w*\(|_id\s*:\s*\{\s*\$
        """#, in: OwnRule.parameters),

      OwnRule(
        19_002_201, "Filter of a directory",
        #"""
        @rx (?i)(?:^|[\w*)])\s*\)\s*\(\s*[|&!(]*\s*[\w.;-]*\s*[=~<>*]|\(\s*[|&!]\s*\(\s*[\w-]+\#
        \s*[~<>]?=|\#
        ^\*\s*[()|&]|\*\s*\)\s*[(|&)]|[|&]\s*\(\s*(?:objectclass|cn|uid|mail|userpassword|sama\#
        ccountname|memberof|sn)\s*=|\#
        \bobjectclass\s*=|\)\s*\(\s*\||\)\)\s*%00|^\*\|
        """#, in: OwnRule.parameters),
      OwnRule(
        19_002_202, "Path of a document query",
        #"""
        @rx (?i)['\"\])]\s*(?:or|and|\|)\s*(?:(?:count|name|local-name|string-length|substring\#
        |contains|starts-with|\#
        position|text|node|not|last|doc|normalize-space)\s*\(|/|'[^']*'\s*=\s*')|\#
        (?:/|\||\[)\s*(?:ancestor|child|descendant|following|parent|preceding|self|attribute)(\#
        ?:-or-self|-sibling)?::|\#
        (?:count|name|string-length|substring)\s*\(\s*(?:/|\.\.|@|//)|//\*|/\*\[|\]\s*\|\s*//|\#
        \bdoc\(\s*(?:concat\s*\()?['\"]https?:
        """#, in: OwnRule.parameters),
    ]
  }
}
