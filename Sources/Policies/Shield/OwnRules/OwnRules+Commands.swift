/// Commands of shells.
extension OwnRules {
  /// Commands whose names are no words, so that they tell without arguments.
  private static let names = """
    a?fgrep|adduser|apt-get|arp|awk|base(?:32|64)|bash|busybox|bzip2|bunzip2|bzcat|c(?:89|99)|\
    cat|certutil|chgrp|chmod|chown|chroot|cmd(?:\\.exe)?|crontab|cscli|csh|curl|dash|dig|\
    dmesg|dpkg|\
    du|echo|egrep|esxcli|ethtool|fdisk|ftp|g\\+\\+|gawk|gcc(?:[\\d.]+)?|gdb|getent|gunzip|\
    gzcat|gzip|hexdump|\
    hostname|iconv|id|ifconfig|insmod|ipconfig|iptables|irb|iwr|java|jrunscript|ksh|\
    ldapsearch|less|ln|\
    logname|ls(?:attr|blk|cpu|mod|of|pci|usb|b_release)?|lua|lwp-download|mawk|mkdir|mkfifo|mknod|\
    mshta|msiexec|mysql(?:dump)?|nasm|nawk|nc(?:\\.\\w+)?|ncat|net(?:cat|kit|sh|stat)|nice|\
    nmap|node|nohup|nslookup|\
    objdump|openssl|passwd|pcscd|perl|pgrep|php\\d?|ping6?|pip3?|pkill|\
    powershell(?:\\.exe)?|printenv|printf|\
    psexec|ptx|pwd|pwsh|pythons?[\\d.]*|python[\\d.]*|rcp|readelf|reg|regsvr32|rlogin|rm|\
    rmdir|rpm|rsync|\
    ruby|rundll32|schtasks|scp|sed|sftp|sh|shutdown|sleep|socat|ssh|strace|stty|su|sudo|\
    sysctl|sysinfo|\
    systeminfo|tac|tar|tasklist|taskkill|tclsh|tcpdump|tcping|tcsh|telnet|tftp|tmux|traceroute6?|\
    tshark|ulimit|uname|unzip|useradd|usermod|vigr|vim|vipw|visudo|bcdboot|bcdedit|diskpart|\
    wget|whoami|wmic|wscript|cscript|xargs|\
    xxd|xterm|yum|zcat|zsh|zless|zip|ansible(?:-\\w+)?|chef-\\w+|aptitude|terraform|\
    kubectl|docker|podman
    """

  /// Commands whose names are words, which tell by what follows them.
  private static let words = """
    alias|at|bridge|cd|column|copy|cp|cut|date|dd|del|dir|env|erase|eval|exec|exit|export|\
    expr|file|\
    find|finger|fold|grep|groups|halt|head|history|install|jobs|kill(?:all)?|last(?:log)?|\
    locate|look|\
    mail|make|man|more|mount|move|mv|net|od|paste|patch|ps|query|rename|rev|screen|script|\
    service|set|sort|\
    source|split|start|strings|tail|tee|test|time|timeout|top|touch|tr|\
    type|uniq|view|ver|w|wait|watch|which|who|write
    """

  /// What stands before a command that is slipped in.
  private static let before = #"(?:[;|&`\n\r]|\\n|\\r|\$\(|<\(|>\(|\{\s)\s*(?:[({!\\'\"]\s*){0,4}"#
  /// What may stand between a command's name and its file's folder.
  private static let folder = #"(?:/?(?:usr/)?(?:local/)?s?bin/|[\w./~?*$-]{0,40}/)?"#
  /// What stands behind a command without arguments.
  private static let end = #"\s*(?:$|[;|&`)'#\"<>\n\r\\])"#

  static var commands: [OwnRule] {
    [
      OwnRule(
        19_003_001, "Command behind a separator",
        #"""
        @rx (?i)\#(before)\#(folder)(?:\#(names))(?:\#(end)|\s+[-/\w.$'\"~*{<>@|&;+:\\]|\$IFS|\#
        \+[/\w-]|[<{(])
        """#,
        in: OwnRule.everywhere + "|!REQUEST_HEADERS:User-Agent|!REQUEST_HEADERS:Content-Type"),
      OwnRule(
        19_003_002, "Command behind a separator, with its arguments",
        #"""
        @rx (?i)\#(before)\#(folder)(?:\#(words))(?:\#(end)|[\s+]+(?:-{1,2}\w|[/~$]|\.{1,2}/|[\#
        a-z]:|%\w+%|\*|\w+\s*[|;<>]))
        """#,
        in: OwnRule.everywhere + "|!REQUEST_HEADERS:User-Agent|!REQUEST_HEADERS:Content-Type"
          + "|!REQUEST_HEADERS:Cache-Control"),
      OwnRule(
        19_003_003, "Command as a whole value",
        #"""
        @rx (?i)^[\s'\"`&|;!]*(?:(?:whoami|ifconfig|ipconfig|systeminfo|sysinfo|tasklist|netst\#
        at|uname|printenv|lsb_release|\#
        hostname|getent|nslookup|(?:time|nohup|timeout\s+\d+|nice|env|sudo|exec|command|builti\#
        n)\s+(?:\#(names))|ansible-\w+|chef-(?:shell|client|run|solo|zero)|pwd|ls|zsh|env)(?:\#
        \s+-{1,2}[\w-]+(?:[=\s]\S+)*)?|\#
        which\s+[\w.-]{1,16}|sleep\s+\d+|(?:cat|type|dir|ls|del|rm|more|head|tail|less|cd|copy\#
        )\s+(?:-\w|/\w|[a-z]:\\?|\.\.?[/\\]|\#
        ~|%\w+%)\S*.{0,200}?|(?:ping|curl|wget|nc|ncat|nslookup|dig|host|telnet|ssh)\s+(?:-\w+\#
        \s+\S*\s*){0,5}(?:https?://\S+|[\w-]+(?:\.[\w-]+)+)(?:\s.{0,200})?|\#
        net\s+(?:user|localgroup|share|view|use|start|stop)\b.{0,100}?)[\s;|&'\"`)]*$
        """#, in: OwnRule.parameters),
      OwnRule(
        19_003_004, "Command in backquotes or brackets",
        #"""
        @rx (?i)`\s*\#(folder)(?:\#(names)|\#(words)|true|false)\b[^`]{0,200}`|\#
        [$<>]\(\s*\#(folder)(?:\#(names)|\#(words))(?:\s|\)|$)|\$\{?IFS\b|\$\{?(?:SHELL|PATH|H\#
        OME|PWD)\b\}?(?:\s|:|/|$)|\#
        \$\(\(|\$\[[\d\s+*/-]*\]|^~[+\s-]$|(?:^|\s)!-?\d+(?:!-?\d+)+
        """#),
      OwnRule(
        19_003_005, "Shell with a command",
        #"""
        @rx (?i)(?:^|[\s;|&/'\"=`(])(?:(?:ba|z|k|c|da|tc|a)?sh|busybox(?:\s+\w+)?|\$\{?SHELL\}\#
        ?)\s+-\w*c\b|\#
        \bcmd(?:\.exe)?\s*/[ckr]\b|-wrapper\s+\w*sh\b|/dev/(?:tcp|udp)/|\b(?:nc|ncat|netcat)\s\#
        +(?:-\w+\s+)*-\w*e\b|\#
        \|\s*(?:base64\s+-\w*d|rev\b|(?:ba|z|k|da)?sh\b|tac\b|xargs\b|python[\d.]*\b|perl\b)|\#
        \bbash\s+-i\b|>\s*&\s*\d|\d>&\d|;\s*\w+\s*<<<|<<<\s*['\"\w]
        """#),
      OwnRule(
        19_003_006, "Path of a file hidden by patterns",
        #"""
        @rx (?i)/[\w?*]{0,8}\[(?:[a-z?]|[!^]\w{1,8}|\w?/+)\]|/\[[a-z?!^/]{1,12}\][\w?*]|/\w+/[\#
        \w?*]{1,8}\[\w\]\w|\#
        /(?:e\?c|et\?|\?tc|b\?n|bi\?|us\?|u\?r)/|/\?{2,}|/\*/\w*\*
        """#, in: OwnRule.parameters),
      OwnRule(
        19_003_007, "Braces that a shell unfolds",
        #"""
        @rx ^\{,?[\w/.-]{1,32}(?:,[\w/.-]{0,32}){1,8}\}$|\w\{\w{1,16},[\w-]{1,16}\}\w|\{\w{1,1\#
        6},-[\w-]{1,16}\}|[/\s;|&]\{[\w/.-]{1,32}(?:,[\w/.-]{0,64}){1,8}\}
        """#,
        in: OwnRule.parameters),
      OwnRule(
        19_003_008, "Command of PowerShell or Windows",
        #"""
        @rx (?i)\b(?:invoke|new|start|stop|set|get|add|remove|import|export|out|write|test|ent\#
        er|register|convertto|convertfrom|select|iex)-\#
        (?:webrequest|expression|command|restmethod|object|process|item(?:property)?|content|c\#
        hilditem|service|module|\#
        wmi\w*|cim\w*|executionpolicy|file|host|computer|credential|acl|alias|pssession|schedu\#
        ledtask|mimikatz|securestring|\#
        eventlog|localuser|localgroup\w*|adcomputer|aduser|history|clipboard|connection|netcon\#
        nection)\b|\#
        \bdownload(?:string|file|data)\s*\(|\bfrombase64string\b|\bsystem\.(?:net|io|reflectio\#
        n|management)\.\w|\#
        \bpowershell(?:\.exe)?\s+-|\b(?:certutil|bitsadmin|mshta|regsvr32|rundll32|wmic|schtas\#
        ks|cscript|wscript|msbuild|installutil)(?:\.exe)?\s+[-/\w]
        """#),
      OwnRule(
        19_003_009, "Command with its options",
        #"""
        @rx (?i)^[\s'\"]*(?:alias\s+[-+\s]\w+\s+\w+=|(?:gunzip|gzip|bzip2|xz|zcat|tar|unzip|cs\#
        cli|ansible|knife|terraform|kubectl|docker|podman|\#
        gcc|c89|c99|cc|g\+\+|clang|python[\d.]*|perl|ruby|php|node|lua|awk|sed|find|xargs|nohu\#
        p|timeout|busybox|strace|ltrace|openssl)\s+\#
        (?:-{1,2}[a-z]|\w+\s+-{1,2}\w|\w+\s+list\b|/\w)|bin/\w+$|(?:ansible|chef)-\w+\s+\w)
        """#, in: OwnRule.parameters),
    ]
  }
}
