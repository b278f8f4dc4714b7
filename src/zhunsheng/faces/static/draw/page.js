/* The page around verify.js: choose a file, read what holds. Used inside the site and, with index.html, from a folder without a
   network. Every word in both languages; the language is that of the document. */
(function () {
  "use strict";

  var MARKS = { holds: ["good", "✓"], differs: ["bad", "✕"], not_examined: ["flat", "–"] };
  var OUTCOMES = {
    holds: { en: "holds", zh: "一致" }, differs: { en: "differs", zh: "不一致" },
    not_examined: { en: "not examined", zh: "未核对" },
  };
  var HOLDS = {
    form: { en: "The file is in its one form, with every part and every list in order.", zh: "文件形式唯一，各部分齐全，各列表次序正确。" },
    tickets: { en: "Every laboratory has the tickets that the policy gives it.", zh: "每家机构的签数均与规则一致。" },
    commitment: { en: "The list is the one whose hash was published beforehand.", zh: "名单与事先公布的哈希值一致。" },
    secrets: { en: "Each party revealed the secret that it had promised.", zh: "各方公开的秘密值均与其承诺一致。" },
    seed: { en: "The seed follows from list, secrets and beacon value.", zh: "种子由名单、秘密值和信标值算出，计算无误。" },
    possible: { en: "Every stratum has enough candidates, every candidate enough officers.", zh: "各层候选机构和可选派检查人员均足够。" },
    laboratories: { en: "Exactly these laboratories are drawn, in this order.", zh: "抽中的机构及次序完全一致。" },
    officers: { en: "Exactly these officers are sent to them.", zh: "选派的检查人员完全一致。" },
  };
  var NAMES = {
    form: { en: "Form", zh: "形式" }, tickets: { en: "Tickets", zh: "签数" }, commitment: { en: "List", zh: "名单" },
    secrets: { en: "Secrets", zh: "秘密值" }, seed: { en: "Seed", zh: "种子" }, possible: { en: "Numbers suffice", zh: "数量足够" },
    laboratories: { en: "Laboratories", zh: "抽中机构" }, officers: { en: "Officers", zh: "检查人员" },
  };
  var SAY = {
    choose: { en: "Draw file (.json)", zh: "抽取文件（.json）" },
    stays: { en: "The file is read by this page alone and is sent nowhere.", zh: "文件仅由本页面读取，不会发送到任何地方。" },
    waiting: { en: "Computing the draw again…", zh: "正在重新计算……" },
    sound: { en: "The draw holds", zh: "抽取结果核验无误" },
    unsound: { en: "The draw does not hold", zh: "抽取结果核验不通过" },
    again: { en: "Everything was computed again on this device.", zh: "全部内容已在本设备上重新计算。" },
    below: { en: "The first place that differs in each check is named below.", zh: "各项核对中首个不一致之处列于下方。" },
    check: { en: "Check", zh: "核对项" }, reason: { en: "What was found", zh: "核对情况" },
    unread: { en: "Not examined, because of a difference found before.", zh: "因前面已发现不一致，未再核对。" },
    whole: { en: "the whole file", zh: "整个文件" },
    person: { en: "For a person to compare", zh: "须由人核对" },
    beacon: { en: "The beacon of the day", zh: "信标" }, value: { en: "had the value", zh: "其值应为" },
    hashes: { en: "Published before that day", zh: "在该日之前公布" },
    drawn: { en: "Drawn", zh: "抽中机构" }, stratum: { en: "Stratum", zh: "抽取层" }, laboratory: { en: "Laboratory", zh: "机构" },
    part: { en: "Part", zh: "方式" }, sent: { en: "Officers", zh: "检查人员" },
    even: { en: "evenly", zh: "等概率" }, tickets: { en: "by ticket", zh: "按签" },
    excluded: { en: "Excluded", zh: "排除机构" }, why: { en: "Reason", zh: "理由" }, none: { en: "None.", zh: "无。" },
    fingerprint: { en: "SHA-256 of the file", zh: "文件的 SHA-256" },
    insecure: {
      en: "This browser offers no SHA-256 on this address. Open the page by HTTPS, or save it and open it from a folder.",
      zh: "浏览器在此地址不提供 SHA-256 计算。请通过 HTTPS 打开本页，或保存后从文件夹打开。",
    },
    secret: { en: "A secret for a party", zh: "为一方生成秘密值" },
    lead: {
      en: "Whoever is a party to a draw keeps a secret and publishes its hash, the promise. Both are made here and kept nowhere.",
      zh: "参与抽取的一方保存秘密值，并公布其哈希，即承诺。两者均在此生成，不作任何保存。",
    },
    make: { en: "Make a secret", zh: "生成秘密值" }, keep: { en: "Keep until the beacon is known", zh: "信标公布前请妥善保管" },
    give: { en: "Promise: hand this over now", zh: "承诺：现在提交" },
  };

  var root, last = null;

  function lang() {
    return document.documentElement.lang.slice(0, 2) === "zh" ? "zh" : "en";
  }

  function say(words) {
    return words[lang()];
  }

  function element(name, attributes, children) {
    var made = document.createElement(name);
    Object.keys(attributes || {}).forEach(function (key) { made.setAttribute(key, attributes[key]); });
    (children || []).forEach(function (child) { made.append(child); });
    return made;
  }

  function chip(kind, mark, words) {
    return element("span", { "class": "chip " + kind }, [element("i", { "aria-hidden": "true" }, [mark]), words]);
  }

  function table(caption, heads, rows) {
    var head = element("tr", {}, heads.map(function (one) { return element("th", { scope: "col" }, [say(one)]); }));
    var inner = element("table", {}, [element("thead", {}, [head]), element("tbody", {}, rows)]);
    return element("div", { "class": "table", tabindex: "0", role: "region", "aria-label": caption }, [inner]);
  }

  function row(cells, attributes) {
    return element("tr", attributes, cells.map(function (cell) { return element("td", {}, [].concat(cell)); }));
  }

  function chooser() {
    var input = element("input", { type: "file", id: "draw-file", accept: ".json,application/json", "aria-describedby": "draw-file-help" });
    input.addEventListener("change", function () { if (input.files[0]) open(input.files[0]); });
    return element("section", { "class": "panel" }, [
      element("div", { "class": "field" }, [
        element("label", { "for": "draw-file" }, [say(SAY.choose)]),
        element("p", { "class": "help", id: "draw-file-help" }, [say(SAY.stays)]), input,
      ]),
    ]);
  }

  async function open(file) {
    last = null;
    show(element("p", { role: "status", "data-waiting": "" }, [say(SAY.waiting)]));
    await new Promise(function (go) { setTimeout(go, 30); });
    var bytes = new Uint8Array(await file.arrayBuffer());
    var answer = await DrawFile.verify(bytes);
    last = { answer: answer, fingerprint: await DrawFile.sha256([bytes]), name: file.name };
    report();
  }

  function show() {
    root.querySelector("#draw-answer").replaceChildren.apply(root.querySelector("#draw-answer"), arguments);
  }

  function report() {
    var answer = last.answer, kind = answer.holds ? "good" : "bad";
    var parts = [
      element("section", { "class": "answer " + kind, role: "status", "data-holds": String(answer.holds) }, [
        element("p", { "class": "big " + kind }, [
          element("span", { "aria-hidden": "true" }, [answer.holds ? "✓" : "✕"]), say(answer.holds ? SAY.sound : SAY.unsound),
        ]),
        element("p", {}, [say(answer.holds ? SAY.again : SAY.below)]),
      ]),
      table(say(SAY.check), [SAY.check, SAY.reason], answer.checks.map(checkRow)),
    ];
    if (answer.document) parts = parts.concat(beyond(answer.document), results(answer.document), exclusions(answer.document));
    parts.push(element("p", { "class": "small quiet" }, [last.name + " · " + say(SAY.fingerprint) + " ", element("code", {}, [last.fingerprint])]));
    show.apply(null, parts);
  }

  function checkRow(one) {
    var mark = MARKS[one.outcome], told = [];
    if (one.outcome === "differs") {
      told.push(element("code", {}, [one.place || say(SAY.whole)]), element("br"), say(one.reason));
    } else {
      told.push(say(one.outcome === "holds" ? HOLDS[one.name] : SAY.unread));
    }
    var name = element("div", {}, [say(NAMES[one.name])]);
    return row([[name, chip(mark[0], mark[1], say(OUTCOMES[one.outcome]))], told],
      { "data-check": one.name, "data-outcome": one.outcome, "data-place": one.place === null ? "-" : one.place });
  }

  function beyond(draw) {
    var hashes = [draw.commitment.list_sha256].concat(draw.commitment.secrets);
    var facts = element("dl", { "class": "facts" }, [
      element("dt", {}, [say(SAY.beacon)]), element("dd", {}, [say(draw.list.beacon.source) + " · " + draw.list.beacon.on]),
      element("dt", {}, [say(SAY.value)]), element("dd", {}, [element("code", {}, [draw.reveal.beacon])]),
      element("dt", {}, [say(SAY.hashes)]),
      element("dd", {}, hashes.map(function (one) { return element("div", {}, [element("code", {}, [one])]); })),
    ]);
    return [element("h2", {}, [say(SAY.person)]), facts];
  }

  function results(draw) {
    var names = new Map(draw.list.laboratories.map(function (one) { return [one.id, one.name]; })), rows = [];
    var strata = new Map(draw.list.strata.map(function (one) { return [one.id, one.name]; }));
    var teams = new Map(draw.result.teams.map(function (one) { return [one.laboratory, one.officers]; }));
    draw.result.strata.forEach(function (each) {
      each.drawn.forEach(function (one) {
        rows.push(row([
          say(strata.get(each.stratum) || { en: each.stratum, zh: each.stratum }),
          say(names.get(one.laboratory) || { en: one.laboratory, zh: one.laboratory }),
          say(SAY[one.part]), (teams.get(one.laboratory) || []).join(lang() === "zh" ? "、" : ", "),
        ]));
      });
    });
    return [element("h2", {}, [say(SAY.drawn)]), table(say(SAY.drawn), [SAY.stratum, SAY.laboratory, SAY.part, SAY.sent], rows)];
  }

  function exclusions(draw) {
    var rows = draw.list.excluded.map(function (one) { return row([say(one.name), say(one.reason)]); });
    var shown = rows.length ? table(say(SAY.excluded), [SAY.laboratory, SAY.why], rows) : element("p", {}, [say(SAY.none)]);
    return [element("h2", {}, [say(SAY.excluded)]), shown];
  }

  function secretMaker() {
    var made = element("div", { id: "draw-secret", role: "status" }), button = element("button", { type: "button", "class": "plain" }, [say(SAY.make)]);
    button.addEventListener("click", async function () {
      var bytes = crypto.getRandomValues(new Uint8Array(32));
      var hex = Array.from(bytes, function (one) { return one.toString(16).padStart(2, "0"); }).join("");
      var facts = element("dl", { "class": "facts" }, [
        element("dt", {}, [say(SAY.keep)]), element("dd", {}, [element("code", { "data-secret": "" }, [hex])]),
        element("dt", {}, [say(SAY.give)]), element("dd", {}, [element("code", { "data-promise": "" }, [await DrawFile.sha256([bytes])])]),
      ]);
      made.replaceChildren(facts);
    });
    return element("section", { "class": "panel" }, [
      element("h2", {}, [say(SAY.secret)]), element("p", {}, [say(SAY.lead)]), element("p", {}, [button]), made,
    ]);
  }

  function build() {
    root = document.getElementById("draw-check");
    if (!window.crypto || !crypto.subtle) {
      root.replaceChildren(element("p", { "class": "notice error", role: "alert" }, [say(SAY.insecure)]));
      return;
    }
    root.replaceChildren(chooser(), element("div", { id: "draw-answer" }), secretMaker());
    if (last) report();
  }

  document.addEventListener("DOMContentLoaded", build);
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-speak]");
    if (!button) return;
    document.documentElement.lang = button.dataset.speak;
    build();
  });
})();
