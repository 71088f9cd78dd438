/// The style sheet of the report, for light and dark screens and for paper.
enum ReportStyle {
  static let css: StaticString = """
    :root{color-scheme:light dark;--page:#f7f7f5;--card:#fff;--ink:#1d2126;--soft:#5b6470;
    --faint:#e4e6e9;--good:#0b7a4b;--bad:#b3261e;--c0:#2563c9;--c1:#d2691e;--c2:#0f8a68;--c3:#8b46c1;
    --c4:#b83268;--c5:#67707c;--hot:#d2451e;--cold:#2563c9}
    @media (prefers-color-scheme:dark){:root{--page:#14171a;--card:#1c2024;--ink:#e7e9ec;
    --soft:#9aa4af;--faint:#30363c;--good:#4cc38a;--bad:#ff8a80;--c0:#6ea8ff;--c1:#f2a45c;--c2:#46c9a2;
    --c3:#c394f2;--c4:#f285b0;--c5:#a5afba;--hot:#ff7a52;--cold:#6ea8ff}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--page);color:var(--ink);
    font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
    main{max-width:1120px;margin:0 auto;padding:40px 24px 64px}
    h1{font-size:30px;line-height:1.2;margin:0 0 4px;letter-spacing:-.01em}
    h2{font-size:20px;margin:44px 0 6px}
    p{margin:0 0 14px;max-width:76ch}
    .sub,.note{color:var(--soft)} .note{font-size:14px}
    .card,figure{background:var(--card);border:1px solid var(--faint);border-radius:10px}
    dl{display:flex;flex-wrap:wrap;gap:8px 28px;margin:22px 0 0;padding:14px 18px}
    dl div{display:flex;flex-direction:column} dt{color:var(--soft);font-size:13px}
    dd{margin:0;font-weight:600;font-variant-numeric:tabular-nums}
    .scroll{overflow-x:auto} table{border-collapse:collapse;width:100%;font-size:14.5px}
    th,td{padding:9px 14px;text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
    th{color:var(--soft);font-weight:500;font-size:13px;vertical-align:bottom;line-height:1.3}
    th.wrap{white-space:normal} .dense{font-size:13.5px} .dense th,.dense td{padding:8px 9px}
    th:first-child,td:first-child,td.left,th.left{text-align:left} td.wide{white-space:normal}
    tbody tr{border-top:1px solid var(--faint)} td:first-child{font-weight:600}
    td.best{color:var(--good);font-weight:700} td.groups{white-space:normal;min-width:104px}
    .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));gap:18px}
    figure{margin:0;padding:16px 16px 12px} figcaption{font-weight:600;margin-bottom:8px}
    svg{display:block;width:100%;height:auto;font-size:12px} .map{padding:18px}
    .map svg{max-width:640px}
    svg text{fill:var(--soft)} .end{text-anchor:end} .middle{text-anchor:middle}
    .grid{stroke:var(--faint)} .axis{stroke:var(--soft)}
    .mark{stroke:var(--soft);stroke-dasharray:2 4;opacity:.7} .marklabel,.endlabel{paint-order:stroke;stroke:var(--card);
    stroke-width:3px} .marklabel{font-size:11px}
    .line{fill:none;stroke-width:2;stroke-linejoin:round;stroke:var(--s)}
    .line.again{stroke-dasharray:7 4} .swatch.again{border-radius:50%}
    .band{fill:var(--s);fill-opacity:.15;stroke:none} a{color:var(--c0)}
    .dot{fill:var(--s)} svg .endlabel{fill:var(--s);font-weight:600}
    .s0{--s:var(--c0)}.s1{--s:var(--c1)}.s2{--s:var(--c2)}.s3{--s:var(--c3)}.s4{--s:var(--c4)}
    .s5{--s:var(--c5)}
    .legend{display:flex;flex-wrap:wrap;gap:4px 18px;font-size:14px;color:var(--soft);margin-top:8px}
    .legend span{display:inline-flex;align-items:center;gap:7px}
    .swatch{display:inline-block;width:14px;height:14px;border-radius:3px;background:var(--s)}
    .swatch.self{background:var(--soft)}
    .swatch.ring{background:none;border:2px solid var(--ink)}
    .ramp{display:inline-block;width:150px;height:12px;border-radius:3px;
    background:linear-gradient(90deg,var(--cold),transparent,var(--hot))}
    .hot{fill:var(--hot)} .cold{fill:var(--cold)} .self{fill:var(--soft)}
    .outline{fill:none;stroke:var(--ink);stroke-width:1.4}
    .group{stroke:var(--card);fill:var(--g);fill-opacity:.62} .anchor{fill:var(--ink)}
    .g0{--g:var(--c0)}.g1{--g:var(--c1)}.g2{--g:var(--c2)}.g3{--g:var(--c3)}.g4{--g:var(--c4)}
    .g5{--g:var(--c5)}.g6{--g:var(--hot)}.g7{--g:var(--good)}
    .answers{display:grid;gap:14px} .answer{padding:14px 18px}
    .answer table{font-size:14px;margin-top:8px} .answer td{white-space:normal;vertical-align:top}
    .answer td:first-child{width:130px;color:var(--soft);font-weight:500}
    .answer td:last-child{width:34px}
    code{font:13.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;
    white-space:pre-wrap;overflow-wrap:anywhere}
    .yes{color:var(--good);font-weight:700} .no{color:var(--bad);font-weight:700}
    .empty{color:var(--soft)}
    footer{margin-top:48px;color:var(--soft);font-size:13px}
    @media print{body{background:none} main{max-width:none;padding:0} figure,.card{break-inside:avoid}}
    """
}
