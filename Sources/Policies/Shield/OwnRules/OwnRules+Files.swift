/// Files of the server, and what lies beside them.
extension OwnRules {
  static var files: [OwnRule] {
    let many = OwnRule.decodedTwice + ["urlDecodeUni"]
    return [
      OwnRule(
        19_006_001, "Way out of a folder",
        #"""
        @rx (?:^|[\s=:'\"(|;&\x00/\\])\.{2,4}[/\\;|](?:\.{1,4}[/\\]|\w|$)|(?:\.\.+[/\\]+){2}|\#
        \.\.(?:0x2f|0x5c|%2f|%5c|%c0%af|\\u2215)|(?:0x2e){2}|(?:0x5c|0x2f)0x2e|\.{3}[/\\]\.{3}\#
        [/\\]|[/\\]\.\.\s*$|[/\\]\.\.(?:[/\\]|\x00|%00)|\.\x00\.[/\\]
        """#,
        steps: many + ["removeNulls"]),
      OwnRule(
        19_006_002, "File of the system",
        #"""
        @rx (?i)(?:^|[\s=:'\"(|;&/\\>,])etc[/\\]+(?:passwd|shadow|group|hosts|issue|sub[ug]id|\#
        master\.passwd|fstab|crontab|cron\.|sudoers|ssh|ssl|mysql|apache2|httpd|nginx|php|motd\#
        |mtab|network|resolv|security|environment|profile|rc\.|init|hostname|os-release|my\.cn\#
        f|lsb-release|inetd|group-|gshadow|redhat|exports|vsftpd|proftpd|samba|pki|pam|ld\.so|\#
        logrotate|bash)|\#
        (?:^|[\s=:'\"(|;&/\\>,])/*proc[/\\](?:self|\d+|version|cpuinfo|net|mounts|cmdline|conf\#
        ig|sched|interrupts|meminfo|stat|modules|filesystems|kcore|ioports|devices|swaps|parti\#
        tions|uptime|loadavg)|\#
        /sys/(?:class|kernel|devices|module|firmware|block|bus|fs)|/(?:var|usr)/(?:log|mail|sp\#
        ool|lib/mysql|www|adm|local/(?:apache|etc|php|nginx|pgsql|cpanel)\w*|share/doc|lib/sec\#
        urity|pkg)/?|/opt/(?:lampp|tomcat|xampp|apache|httpd|nginx)|/roo[t]/\.|/hom[e]/\w+/\.|/boo\#
        t/(?:grub|vmlinuz)|/dev/(?:tcp|mem|random|urandom|null|shm|sd\w)|\#
        \b(?:win|boot|system|php|my|desktop)\.ini\b|[/\\]windows[/\\]|[/\\]winnt[/\\]|[/\\]sys\#
        tem32\b|\b[a-z]:[/\\]+(?:windows|winnt|users|inetpub|boot|xampp|program|documents|auto\#
        exec|pagefile|sysprep|apache|php|mysql|temp|wamp)\b|[/\\]repair[/\\](?:sam|system)|\bw\#
        eb-inf\b|\bmeta-inf\b|\bwebapps[/\\]
        """#, steps: many),
      OwnRule(
        19_006_003, "Scheme of files and streams",
        #"""
        @rx (?i)\b(?:file|php|phar|expect|glob|zip|zlib|compress\.(?:zlib|bzip2|zstd)|bzip2|ss\#
        h2(?:\.\w+)?|rar|ogg|gopher|dict|ldaps?|ldapi|tftp|jar|netdoc|imaps?|smb|sftp|mailto:[\#
        ^@]*\?cc|jndi|rmi|iiop|corba|nis|telnet|svn|cvs|view-source|local_file|urllib|unix):(?\#
        :/|[/\\]{2}|file:|https?:|bzip2|zlib)|\bdata:(?:text/plain|application/\w+|text/x-\w+|\#
        ;base64|//text)
        """#,
        in: OwnRule.parameters, steps: many),
      OwnRule(
        19_006_004, "Hidden file or folder",
        #"""
        @rx (?i)/(?:\.(?!well-known(?:/|$))(?:[a-z][\w.-]*|_\w+)|@(?:fs|id|vite)/|(?:backup|du\#
        mp|database|db|site|www|web|old)\w*\.(?:sql|zip|tar|t?gz|bak|rar|7z)\b|\w+\.(?:sql(?:\#
        \.\w+)?|bak|old|orig|save|swp|swo|pem|key|kdbx|ovpn|pfx|p12|mdb|sqlite3?|log\.\d)$|(?:\#
        wp-config|config|settings|configuration|localsettings|parameters|database|credentials|\#
        secrets?)\.(?:php|inc|ya?ml|bak|ini|env|old)(?:$|[.~])|(?:proc|etc)/\w+|web\.config$|c\#
        omposer\.(?:json|lock)$|package-lock\.json$|phpinfo\.php|server-status$|yarn\.lock$|do\#
        ckerfile$|id_[dr]sa|CVS/)
        """#,
        in: OwnRule.path, steps: many),
      OwnRule(
        19_006_005, "Hidden or saved file as a value",
        #"""
        @rx (?i)(?:^|[\s/\\=])(?:\.(?:env|git(?:ignore|config|hub)?|svn|hg|ssh|aws|docker|kube\#
        |npmrc|htaccess|htpasswd|bash_history|bashrc|profile|netrc|pgpass|my\.cnf|s3cfg|azure|\#
        ds_store|cursor\w*|continue|aider[\w.]*|windsurf\w*|claude\w*|codeium|roo\w*|cline\w*|\#
        kiro|junie)(?:[/\\]|$|\s)|[\w-]+\.(?:sql\.(?:zip|t?gz|bz2|bak)|php\.(?:bak|old|swp))|w\#
        p-config\.|id_rsa|authorized_keys|known_hosts)
        """#,
        in: OwnRule.parameters, steps: many),
      OwnRule(
        19_006_006, "Address of a file to be taken in",
        #"""
        @rx (?i)^(?:https?|ftps?|file):/{1,3}(?:\d{1,3}(?:\.\d{1,3}){3}|\[[\da-f:.]+\]|\d{8,10\#
        }|0x[\da-f]{6,8}|0\d+\.)(?=[:/?#]|$).{0,500}?(?:[/?]|$)|^(?:https?|ftps?)://[^\s]{1,30\#
        0}?(?:\.(?:txt|php\d?|jsp|asp|dat|log|cmd|sh|exe|ps1)\?+$|/(?:c99|r57|shell|cmd|backdo\#
        or|webshell|x)\.\w{2,4})|\?\?+$|^(?:ogg|tls|ssl|gopher|file|phar|php|zip|zlib|data|glo\#
        b|expect):/
        """#,
        in: OwnRule.parameters, steps: many),
    ]
  }
}
