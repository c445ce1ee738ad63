/// The words of SQL that are told apart, by a hash of their letters.
struct SQLWords: Sendable {
  /// All of them.
  static let standard = SQLWords()

  private var places: [UInt64: SQLToken] = [:]

  /// The hash of nothing, to which letters are added.
  static let seed: UInt64 = 0xCBF2_9CE4_8422_2325

  @inline(__always)
  static func add(_ letter: UInt8, to hash: UInt64) -> UInt64 {
    (hash ^ UInt64(letter)) &* 0x0000_0100_0000_01B3
  }

  func token(_ hash: UInt64) -> SQLToken? { places[hash] }

  private init() {
    add(.logic, "and or xor")
    add(.not, "not binary")
    add(.comparison, "like rlike regexp in is between ilike similar glob sounds match div mod")
    add(.literal, "true false null unknown")
    add(.function, SQLWords.functions)
    add(.telling, SQLWords.tellingNames)
    let words: [(String, SQLToken.Word)] = [
      ("select", .select), ("insert", .insert), ("replace", .insert), ("update", .update),
      ("delete", .delete), ("drop", .drop), ("create", .create), ("alter", .alter),
      ("truncate", .truncate), ("exec", .execute), ("execute", .execute), ("declare", .declare),
      ("shutdown", .shutdown), ("union", .union), ("intersect", .union), ("except", .union),
      ("minus", .union), ("all", .all), ("distinct", .distinct), ("distinctrow", .distinct),
      ("from", .from), ("into", .into), ("values", .values), ("table", .table),
      ("database", .database), ("set", .set), ("waitfor", .waitfor), ("delay", .delay),
      ("group", .group), ("order", .order), ("by", .by), ("having", .having), ("limit", .limit),
      ("procedure", .procedure), ("outfile", .outfile), ("dumpfile", .outfile),
      ("case", .case), ("when", .when), ("top", .top), ("where", .where), ("exists", .exists),
      ("merge", .merge), ("grant", .grant), ("revoke", .grant), ("call", .call), ("as", .as),
      ("view", .object), ("index", .object), ("user", .object), ("schema", .object),
      ("login", .object), ("role", .object), ("trigger", .object), ("function", .object),
      ("column", .object), ("begin", .begin), ("if", .if), ("handler", .handler),
      ("join", .join), ("copy", .copy),
    ]
    for (text, word) in words {
      places[SQLWords.hash(text)] = SQLToken(kind: .keyword, word: word)
    }
  }

  private mutating func add(_ kind: SQLToken.Kind, _ words: String) {
    for word in words.split(separator: " ") {
      places[SQLWords.hash(String(word))] = SQLToken(kind: kind)
    }
  }

  private static func hash(_ text: String) -> UInt64 {
    text.utf8.reduce(seed) { add($1, to: $0) }
  }

  /// Functions that a text outside of queries seldom calls.
  private static let functions = """
    ascii ord char chr nchar substr substring mid length len concat concat_ws group_concat count \
    version user current_user system_user session_user database schema hex unhex bin ifnull \
    nullif coalesce cast convert iif strcmp left right lower upper ucase lcase rand random floor \
    ceil md5 sha1 elt make_set export_set json_extract row_count found_rows last_insert_id \
    db_name host_name suser_name user_name object_id is_srvrolemember quotename string_agg \
    array_agg listagg to_char to_number rownum decode lpad rpad reverse replicate space stuff \
    isnull nvl greatest least instr locate position abs sum min max avg exists row quote \
    xmltype dump
    """

  /// Functions and names that nobody but an attacker has to do with from outside.
  private static let tellingNames = """
    sleep benchmark pg_sleep load_file extractvalue updatexml xp_cmdshell xp_dirtree xp_regread \
    xp_fileexist sp_executesql sp_oacreate sp_password sp_makewebtask utl_http utl_inaddr \
    utl_file dbms_pipe dbms_lock dbms_ldap dbms_xmlgen dbms_xmlquery dbms_utility dbms_java \
    dbms_assert ctxsys httpuritype information_schema sysobjects syscolumns sysdatabases \
    sysusers sysibm syscat pg_catalog pg_shadow pg_user pg_read_file pg_ls_dir pg_database \
    pg_tables lo_import lo_export sqlite_master sqlite_version sqlite_schema mysql_error \
    randomblob load_extension openrowset opendatasource openquery msysaccessobjects msysaces \
    msysobjects msysqueries msysrelationships name_const st_latfromgeohash gtid_subset \
    linestring multipoint geometrycollection polygon xmltable fn_xe_file_target_read_file \
    fn_my_permissions database_to_xml query_to_xml table_to_xml all_tables all_users \
    user_tables user_tab_columns sys_eval sys_exec generate_series table_name column_name \
    current_setting is_member analyse
    """
}
