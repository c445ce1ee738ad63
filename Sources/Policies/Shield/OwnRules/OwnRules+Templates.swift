/// Expressions of templates.
extension OwnRules {
  static var templates: [OwnRule] {
    [
      OwnRule(
        19_005_001, "Expression of a template",
        #"""
        @rx \{\{(?!\s*[A-Z][A-Z0-9_]*\s*\}\})[^}]{1,400}\}\}|\{\{\{|\{%[-+]?\s*\w|\{#[^}]{0,10\#
        0}#\}|\[\[\s*\$?\{|\[\[[^\]]*[*+][^\]]*\]\]|\[\(\$\{|\{\$\w+[.|\-\}]|\{/?(?:php|litera\#
        l|if|foreach|include|fetch)\b[^}]*\}
        """#,
        in: OwnRule.parameters, steps: OwnRule.unescaped),
      OwnRule(
        19_005_002, "Expression in a page",
        #"""
        @rx (?i)[$#*@~%]\{[^}]{0,200}?(?:[-*+/%]\s*\d|\(|\[|\bT\s*\(|\bnew\s|@|\.\w+\.|jndi|cl\#
        ass|'\w*'|\"\w*\")[^}]{0,200}\}|<%[=@!#\s-]|%>|<#(?:assign|list|if|include|import|macr\#
        o|function|setting)\b|\#
        \[#(?:assign|list|if)\b|#(?:set|foreach|include|parse|evaluate|macro)\s*\(|\bfreemarke\#
        r\.\w|@\(\s*\d+\s*[*+]|@\{?\w+\.\w+\(|\#
        \?(?:new|api|eval|interpret)\s*(?:\(|\}|$)|\$\{\{|\$\(\d+\*\d+\)|\$\w+\.class\b|\bincl\#
        ude\s+['\"]/|=\s*\d+\s*\*\s*\d+\s*%>|^\s*[=*]\{\{?|\#\{\s*\d
        """#, in: OwnRule.parameters, steps: OwnRule.unescaped),
      OwnRule(
        19_005_003, "Way to what a template must not reach",
        #"""
        @rx (?i)__\s*(?:class|base|bases|mro|subclasses|globals|builtins|init|import|getattrib\#
        ute|getitem|dict|code|module)\s*__|\#
        \bself\._\w+|\b(?:request|config|application|session)\s*(?:\||\.(?:items|iteritems|app\#
        lication|args|__|environ|from_object)|\[\s*['\"]__)|\|\s*attr\s*\(|\#
        \blipsum\b|\bcycler\b|\bjoiner\b|\bnamespace\.__|\b_templatereference__context\b|\bget\#
        runtime\b|\bjava\.(?:lang|io|util|net)\.\w|\#
        \b(?:getclass|forname|newinstance|getdeclared\w+|getmethod|processbuilder|scriptengine\#
        \w*)\b|\bT\(\s*java|\bsmarty\.\w+|\b_self\.env\b|\#
        \b(?:register(?:un)?definedfiltercallback|getfilter)\b|\bspring\.\w+\.\w|\bfreemarker\#
        \.template\b|\bpipelinecontext\b
        """#, in: OwnRule.parameters, steps: OwnRule.unescaped),
    ]
  }
}
