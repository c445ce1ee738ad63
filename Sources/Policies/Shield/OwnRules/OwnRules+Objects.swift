/// Objects of languages, in the forms that make them live again.
extension OwnRules {
  static var objects: [OwnRule] {
    [
      OwnRule(
        19_008_001, "Name that is looked up",
        #"""
        @rx (?i)\$\s*\{?.{0,4}\{?\s*(?:jndi|(?:lower|upper|env|sys|java|date|main|ctx|base64|s\#
        cript|url|dns|k8s|docker|web|bundle|map|marker|sd|event|log4j):|::-)|\$\{\s*\$\{|jndi\#
        \s*:\s*(?:ldaps?|rmi|dns|iiop|nis|nds|corba|http)|\$\{[^}]{0,20}\$\{
        """#,
        steps: OwnRule.unescaped + ["htmlEntityDecode", "jsDecode"]),
      OwnRule(
        19_008_002, "Object of Java",
        #"""
        @rx (?:rO0AB|KztAAU|Cs7QAF|H4sIAAAA|aced0005|\xac\xed\x00\x05)|(?i)\b(?:java\.lang\.(?\#
        :runtime|processbuilder|system|class|thread|string)|javax\.(?:script|naming|management\#
        |el)|org\.(?:apache\.(?:commons\.(?:collections|beanutils)|struts2|xalan|wicket|veloci\#
        ty|catalina|shiro|groovy)|springframework|codehaus|hibernate|mozilla|jboss|javassist|o\#
        mg)|com\.(?:opensymphony|sun\.(?:org|rowset|jndi)|mchange|alibaba\.fastjson|caucho|rom\#
        etools|nqadmin|atomikos)|freemarker\.template|groovy\.(?:lang|util)|sun\.misc|ognl\.\w\#
        +|xwork)|\b(?:getruntime|defineclass|urlclassloader|scriptenginemanager|classloader)\b\#
        |@type\"?\s*:|#_memberaccess|class\.(?:module\.)?classloader
        """#,
        steps: OwnRule.decodedTwice),
      OwnRule(
        19_008_003, "Object of PHP, Python, Ruby or YAML",
        #"""
        @rx (?:^|[\s;{}\"':=])[OCa]:\+?\d+:(?:[\"\\]|&quot;|\{)|(?i)!!(?:python|ruby|java|perl\#
        |js|map:|binary\b)|!ruby/|!!?(?:com|javax?|org)\.\w|c(?:os|posix|nt|subprocess|__built\#
        in__)\s+system\b|c__builtin__|\bgasp_|\x80[\x02-\x05]c|AAEAAAD/////|\$type\"?\s*:\s*\"\#
        ?[\w.]+,|__reduce(?:_ex)?__|__VIEWSTATE|\bobjectdataprovider\b|\bpickle\.loads|\bmarsh\#
        al\.loads?|py/(?:object|reduce)|yaml\.(?:load|unsafe)
        """#,
        steps: OwnRule.unescaped),
    ]
  }
}
