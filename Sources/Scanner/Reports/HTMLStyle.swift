/// How the report in HTML looks, by day and by night.
enum HTMLStyle {
  static let text = """
    :root{--ink:#15202b;--soft:#5b6b7a;--line:#dde4ea;--paper:#fff;--card:#f6f8fa;\
    --critical:#8e1538;--high:#d1402f;--medium:#c98a12;--low:#5f7a93;--good:#1e7f5c}\
    @media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#93a1af;--line:#2d3842;\
    --paper:#10161c;--card:#18212a;--critical:#e0557d;--high:#ef6b5b;--medium:#e0aa3e;\
    --low:#86a2bc;--good:#4fb78e}}\
    *{box-sizing:border-box}body{font:16px/1.55 system-ui,sans-serif;color:var(--ink);\
    background:var(--paper);max-width:68rem;margin:0 auto;padding:2.5rem 1.25rem}\
    h1{font-size:2.1rem;line-height:1.15;margin:.1rem 0 .4rem}\
    h2{font-size:1.15rem;margin:0 0 .8rem}\
    .kicker{text-transform:uppercase;letter-spacing:.09em;font-size:.78rem;color:var(--soft);\
    margin:0}\
    .verdict{font-size:1.25rem;margin:.2rem 0}.target,.small{color:var(--soft);font-size:.88rem}\
    section{margin:2.2rem 0}\
    .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(17rem,1fr));\
    gap:1rem}\
    .tile{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1.1rem}\
    svg{display:block;width:100%;max-height:12rem}\
    svg text{fill:var(--ink);font:600 13px system-ui}\
    svg .big{font-size:20px}svg .soft{fill:var(--soft);font-weight:400}\
    .key{list-style:none;display:flex;flex-wrap:wrap;gap:.3rem 1rem;padding:0;margin:.8rem 0 0;\
    font-size:.9rem}.key i{display:inline-block;width:.75rem;height:.75rem;border-radius:3px;\
    margin-right:.35rem}i.critical{background:var(--critical)}i.high{background:var(--high)}\
    i.medium{background:var(--medium)}i.low{background:var(--low)}\
    .f-critical{stroke:var(--critical)}.f-high{stroke:var(--high)}.f-medium{stroke:var(--medium)}\
    .f-low{stroke:var(--low)}.f-reached{stroke:var(--good)}.f-missed{stroke:var(--line)}\
    .f-bar{fill:var(--high)}.f-ground{fill:var(--line)}.f-track{stroke:var(--line)}\
    details{border:1px solid var(--line);border-radius:10px;padding:.75rem 1rem;margin:.6rem 0;\
    background:var(--card)}summary{cursor:pointer}.what{font-weight:600}\
    code,pre{font:13px/1.45 ui-monospace,monospace;word-break:break-word}\
    pre{white-space:pre-wrap;background:var(--paper);border:1px solid var(--line);\
    border-radius:8px;\
    padding:.6rem .8rem;margin:.4rem 0}.answer{color:var(--soft)}\
    .tag{border-radius:5px;padding:.1rem .5rem;font-size:.78rem;font-weight:600;color:#fff}\
    .tag.critical{background:var(--critical)}.tag.high{background:var(--high)}\
    .tag.medium{background:var(--medium)}.tag.low{background:var(--low)}\
    .tag.new{background:var(--ink);\
    color:var(--paper)}.remedy{border-left:4px solid var(--good);padding-left:.8rem}\
    .trend b{font-size:1.6rem;margin:0 .15rem 0 1rem}.trend b:first-child{margin-left:0}\
    .bad{color:var(--high)}.good{color:var(--good)}.wide{overflow-x:auto}\
    table{border-collapse:collapse;width:100%;font-size:.92rem}td,th{text-align:left;\
    padding:.4rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}\
    .yes{color:var(--good);font-weight:600}.no,.none{color:var(--soft)}.broken{color:var(--high)}\
    footer{color:var(--soft);font-size:.85rem;border-top:1px solid var(--line);padding-top:1rem}
    """
}
