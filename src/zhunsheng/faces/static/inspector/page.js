/* The checklist on site. Everything is written into the phone first and sent when there is a network; a record is sent again
   until the server says that it has it, under the same key, so that it is there once. */
(function () {
  "use strict";

  const store = window.inspectorStore;
  const task = JSON.parse(document.getElementById("task").textContent);
  const root = document.getElementById("inspector");
  const chinese = document.documentElement.lang.startsWith("zh");
  const LIMIT = 24 * 1024 * 1024;
  const SAY = {
    online: { en: "Connected.", zh: "已联网。" },
    offline: { en: "No network: what you write stays on this phone.", zh: "无网络，记录保存在本机。" },
    waiting: { en: "{n} waiting to be sent", zh: "{n} 项待上传" },
    nothing: { en: "Everything has been sent.", zh: "已全部上传。" },
    send: { en: "Send now", zh: "立即上传" },
    sending: { en: "Sending…", zh: "正在上传……" },
    unreached: { en: "The server did not answer. Nothing is lost; it is tried again.", zh: "服务器无应答，记录未丢失，稍后重试。" },
    signin: { en: "Sign in again, then send: nothing is lost.", zh: "请重新登录后上传，记录未丢失。" },
    late: { en: "The record was closed before this arrived.", zh: "记录已定稿，本项未能收入。" },
    checklist: { en: "What to look at", zh: "检查要点" },
    proof: { en: "Proof", zh: "取证" },
    outcome: { en: "Outcome", zh: "结果" },
    note: { en: "Note", zh: "说明" },
    choose: { en: "choose", zh: "请选择" },
    save: { en: "Save", zh: "保存" },
    finding: { en: "New finding", zh: "记录问题" },
    code: { en: "Class", zh: "问题类别" },
    grade: { en: "Grade", zh: "程度" },
    facts: { en: "Facts: who, when, what, which report or instrument", zh: "事实（何人、何时、何事，涉及的报告或设备）" },
    act: { en: "Day of the act", zh: "行为发生日期" },
    place: { en: "Place", zh: "地点" },
    photos: { en: "Photographs or files", zh: "照片或文件" },
    position: { en: "Add the position of this phone", zh: "附上本机定位" },
    located: { en: "Position: {p}", zh: "定位：{p}" },
    nowhere: { en: "The phone gives no position; evidence is kept without.", zh: "无法获取定位，证据将不含定位。" },
    found: { en: "Findings", zh: "已记录的问题" },
    none: { en: "None yet.", zh: "暂无。" },
    here: { en: "on this phone", zh: "仅在本机" },
    kept: { en: "received", zh: "已上传" },
    add: { en: "Add a photograph or file", zh: "补充照片或文件" },
    ours: { en: "The server has this under the same key:", zh: "服务器上同一编号的内容为：" },
    mine: { en: "This phone has:", zh: "本机内容为：" },
    asnew: { en: "Keep mine as a new record", zh: "本机内容另存为新记录" },
    drop: { en: "Keep the server’s", zh: "采用服务器内容" },
    large: { en: "A file is larger than 24 MB.", zh: "文件超过 24 MB。" },
    articles: { en: "Candidate articles (officers decide)", zh: "可能涉及的条款（由检查人员判断）" },
    rejected: { en: "Not taken in:", zh: "未能收入：" },
    full: { en: "The phone could not save it: is its memory full?", zh: "本机保存失败，请检查存储空间。" },
    withdraw: { en: "Withdraw…", zh: "撤回……" },
    why: { en: "Why is it withdrawn?", zh: "撤回理由" },
    remove: { en: "Remove from this phone", zh: "从本机删除" },
  };
  let kept = task.kept;
  let sending = false;
  let again = false;

  const say = (key) => SAY[key][chinese ? "zh" : "en"];
  const both = (words) => words[chinese ? "zh" : "en"];

  function make(name, given, ...inside) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(given || {})) {
      if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
      else if (value !== null && value !== false) made.setAttribute(key, value === true ? "" : value);
    }
    made.append(...inside.filter((one) => one !== null));
    return made;
  }

  const field = (id, label, control) => {
    control.id = id;
    return make("div", { class: "field" }, make("label", { for: id }, label), control);
  };
  const chip = (kind, mark, words) => make("span", { class: `chip ${kind}` }, make("i", { "aria-hidden": "true" }, mark), words);

  function choices(options, name, chosen, empty) {
    const made = make("select", { name, required: true });
    if (empty) made.append(make("option", { value: "" }, say("choose")));
    for (const [key, words] of options) made.append(make("option", { value: key, selected: key === chosen }, words));
    return made;
  }

  function key() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
    return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
  }

  async function digest(bytes) {
    const hash = await crypto.subtle.digest("SHA-256", bytes);
    return [...new Uint8Array(hash)].map((one) => one.toString(16).padStart(2, "0")).join("");
  }

  /* Microseconds and zone as the server writes them, so that what it tells of a record is the same text. */
  const now = () => new Date().toISOString().replace("Z", "+00:00");
  const today = () => {
    const day = new Date();
    return [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((one) => String(one).padStart(2, "0")).join("-");
  };

  async function write(records) {
    try {
      for (const one of records) await store.put(one);
    } catch (full) {
      tell(say("full"), "error");
      return false;
    }
    await paint();
    send();
    return true;
  }

  const record = (type, said, more) => ({ id: key(), task: task.id, officer: task.officer, type, said, state: "waiting", ...more });

  /* A phone may pass from hand to hand: what another officer wrote on it is neither shown nor sent in this one's name. */
  const own = async () => (await store.of(task.id)).filter((one) => !one.officer || one.officer === task.officer);

  /* What the phone says of where it is, as a geo URI (RFC 5870), and only if the officer wants it there; never waited for long. */
  let wanted = false;
  const plain = (n) => (String(n).includes("e") ? n.toFixed(10) : String(n));

  function position() {
    if (!wanted || !navigator.geolocation) return Promise.resolve("");
    return new Promise((resolve) => {
      const told = ({ coords }) => resolve(`geo:${plain(coords.latitude)},${plain(coords.longitude)};u=${plain(coords.accuracy)}`);
      const untold = () => { tell(say("nowhere"), "quiet"); resolve(""); };
      navigator.geolocation.getCurrentPosition(told, untold, { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 });
    });
  }

  async function exhibit(file, finding, place, where) {
    const bytes = await file.arrayBuffer();
    const said = {
      finding, kind: file.type.startsWith("image/") ? "photo" : "file", name: file.name.slice(-200) || "file",
      sha256: await digest(bytes), place, at: now(), ...(where ? { position: where } : {}),
    };
    return record("exhibit", said, { bytes, mime: file.type });
  }

  async function exhibits(files, finding, place) {
    if ([...files].some((one) => one.size > LIMIT)) {
      tell(say("large"), "error");
      return null;
    }
    const where = files.length ? await position() : "";
    return Promise.all([...files].map((one) => exhibit(one, finding, place, where)));
  }

  /* ---- what is shown ---- */

  const bar = make("section", { class: "panel", "aria-live": "polite", id: "sending" });
  const list = make("section", { "aria-label": say("found"), id: "findings" });
  const marks = new Map();

  function tell(words, kind) {
    let notice = document.getElementById("told");
    if (!notice) bar.append((notice = make("p", { id: "told", role: "status" })));
    notice.className = kind === "error" ? "errorlist" : "quiet";
    notice.textContent = words;
  }

  async function paint() {
    const records = await own();
    paintBar(records);
    paintMarks(records);
    await paintFindings(records);
  }

  function paintBar(records) {
    const waiting = records.filter((one) => one.state === "waiting").length;
    root.dataset.waiting = waiting;
    bar.replaceChildren(
      make("p", {}, chip(navigator.onLine ? "good" : "mind", navigator.onLine ? "✓" : "!", say(navigator.onLine ? "online" : "offline")), " ",
        make("span", { id: "waiting" }, waiting ? say("waiting").replace("{n}", waiting) : say("nothing"))),
      make("p", { class: "actions" }, make("button", { type: "button", id: "send", onclick: () => send() }, say("send")))
    );
  }

  function paintMarks(records) {
    const looks = records.filter((one) => one.type === "look");
    for (const point of task.points) {
      const mine = looks.filter((one) => one.said.code === point.code).map((one) => both(task.outcomes[one.said.outcome]) + ` (${say("here")})`);
      const theirs = kept.looks.filter((one) => one.code === point.code).map((one) => `${one.by}${chinese ? "：" : ": "}${both(task.outcomes[one.outcome])}`);
      marks.get(point.code).textContent = [...theirs, ...mine].join(chinese ? "；" : "; ");
    }
  }

  async function paintFindings(records) {
    const here = records.filter((one) => one.type === "finding");
    const files = records.filter((one) => one.type === "exhibit");
    const late = records.filter((one) => one.type === "look" && one.state !== "waiting");
    const shown = [
      ...kept.findings.map((one) => theirs(one, files.filter((file) => file.said.finding === one.id))),
      ...here.map((one) => mine(one, files.filter((file) => file.said.finding === one.id))),
      ...late.map((one) => make("article", { class: "panel" }, heading(one.said), ...fate(one))),
    ];
    list.replaceChildren(make("h2", {}, say("found")), ...(shown.length ? await Promise.all(shown) : [make("p", { class: "quiet" }, say("none"))]));
  }

  const point = (code) => task.points.find((one) => one.code === code);
  const heading = (said) => make("h3", {}, `${said.code} ${both(point(said.code).name)}`);

  async function theirs(one, files) {
    return make("article", { class: "panel", "data-finding": one.id }, heading(one),
      make("p", {}, chip("good", "✓", say("kept")), " ", `${both(task.grades[one.grade])} · ${one.act_on} · ${one.by}`), make("p", {}, one.facts),
      one.articles.length ? make("details", {}, make("summary", {}, say("articles")),
        make("ul", {}, ...one.articles.map((each) => make("li", {}, `${both(each.cited)}${chinese ? "：" : ": "}${both(each.follows)}`)))) : null,
      make("ul", {}, ...one.exhibits.map((name) => make("li", {}, chip("good", "✓", name)))), await pictures(files), adding(one.id), withdrawing(one.id));
  }

  async function mine(one, files) {
    return make("article", { class: "panel own", "data-finding": one.id }, heading(one.said),
      make("p", {}, chip("mind", "!", say("here")), " ", `${both(task.grades[one.said.grade])} · ${one.said.act_on}`), make("p", {}, one.said.facts),
      await pictures(files), ...fate(one), one.state === "waiting" ? adding(one.id) : null);
  }

  async function pictures(files) {
    const shown = await Promise.all(files.map(async (one) => make("li", { "data-exhibit": one.id },
      one.mime.startsWith("image/") ? make("img", { src: await picture(one), alt: one.said.name, width: "120" }) : null,
      make("div", { class: "small" }, `${one.said.name} · ${one.said.at.slice(0, 16).replace("T", " ")} UTC · ${one.said.sha256.slice(0, 12)}…`),
      one.said.position ? make("div", { class: "small" }, say("located").replace("{p}", one.said.position)) : null, ...fate(one))));
    return make("ul", { class: "exhibits" }, ...shown);
  }

  const picture = (one) => new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.readAsDataURL(new Blob([one.bytes], { type: one.mime }));
  });

  /* What became of a record that the server did not take: both versions, and a person's choice. */
  function fate(one) {
    const drop = make("button", { type: "button", class: "plain", onclick: () => store.drop(one.id).then(paint) });
    if (one.state === "conflict") {
      drop.append(say("drop"));
      const asNew = make("button", { type: "button", onclick: () => asNewRecord(one) }, say("asnew"));
      return [make("div", { class: "notice warning", "data-conflict": one.id }, make("p", {}, `${say("ours")} ${worded(one.theirs)}`),
        make("p", {}, `${say("mine")} ${worded(one.said)}`), make("p", { class: "actions" }, asNew, drop))];
    }
    if (one.state === "late" || one.state === "refused") {
      drop.append(say("remove"));
      return [make("div", { class: "notice error" }, make("p", {}, one.state === "late" ? say("late") : `${say("rejected")} ${both(one.why)}`), make("p", { class: "actions" }, drop))];
    }
    return [];
  }

  const worded = (said) => (said ? said.facts || said.note || said.name || said.outcome || "" : "–");

  async function asNewRecord(one) {
    const fresh = { ...one, id: key(), state: "waiting", theirs: null };
    for (const file of await store.of(task.id)) {
      if (file.type === "exhibit" && file.said.finding === one.id && file.state === "waiting") {
        await store.put({ ...file, said: { ...file.said, finding: fresh.id } });
      }
    }
    await store.put(fresh);
    await store.drop(one.id);
    await paint();
    send();
  }

  function adding(finding) {
    const input = make("input", { type: "file", multiple: true, accept: "image/*,application/pdf,text/*", onchange: async () => {
      const made = await exhibits(input.files, finding, "");
      if (made) await write(made);
    } });
    return field(`add-${finding}`, say("add"), input);
  }

  function withdrawing(finding) {
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    const form = make("form", { method: "post", action: `${location.pathname}findings/${finding}/withdraw/` },
      make("input", { type: "hidden", name: "csrfmiddlewaretoken", value: token }),
      field(`why-${finding}`, say("why"), make("input", { name: "reason", required: true, maxlength: "400" })),
      make("p", { class: "actions" }, make("button", { class: "plain" }, say("withdraw"))));
    return make("details", {}, make("summary", {}, say("withdraw")), form);
  }

  function checklist() {
    const codes = task.points.map((one) => {
      const mark = make("span", { class: "quiet small" });
      marks.set(one.code, mark);
      const form = make("form", {},
        make("p", {}, both(one.look)), make("p", { class: "quiet" }, `${say("proof")}${chinese ? "：" : ": "}${both(one.proof)}`),
        field(`outcome-${one.code}`, say("outcome"), choices(Object.entries(task.outcomes).map(([k, words]) => [k, both(words)]), "outcome", null, true)),
        field(`note-${one.code}`, say("note"), make("input", { name: "note", maxlength: "400" })),
        make("p", { class: "actions" }, make("button", { class: "plain" }, say("save"))));
      form.addEventListener("submit", async (event) => {
        event.preventDefault();
        const given = new FormData(form);
        await write([record("look", { code: one.code, outcome: given.get("outcome"), note: given.get("note").trim(), at: now() })]);
        form.closest("details").open = false;
      });
      return make("details", { class: "listed", "data-point": one.code }, make("summary", {}, `${one.code} ${both(one.name)} `, mark), form);
    });
    return make("section", { "aria-label": say("checklist") }, make("h2", {}, say("checklist")), ...codes);
  }

  function positionBox() {
    const box = make("input", { type: "checkbox", id: "position", onchange: () => { wanted = box.checked; } });
    return make("div", { class: "field check" }, box, make("label", { for: "position" }, say("position")));
  }

  function newFinding() {
    const photos = make("input", { type: "file", multiple: true, accept: "image/*,application/pdf,text/*" });
    const form = make("form", { class: "panel", id: "new-finding" }, make("h2", {}, say("finding")),
      field("code", say("code"), choices(task.points.map((one) => [one.code, `${one.code} ${both(one.name)}`]), "code", null, true)),
      field("grade", say("grade"), choices(Object.entries(task.grades).map(([k, words]) => [k, both(words)]), "grade", "minor")),
      field("facts", say("facts"), make("textarea", { name: "facts", required: true, maxlength: "4000" })),
      make("div", { class: "pair" }, field("act_on", say("act"), make("input", { type: "date", name: "act_on", required: true, value: today(), max: today() })),
        field("place", say("place"), make("input", { name: "place", maxlength: "200" }))),
      field("photos", say("photos"), photos), positionBox(), make("p", { class: "actions" }, make("button", {}, say("save"))));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const given = Object.fromEntries(["code", "grade", "facts", "act_on", "place"].map((name) => [name, new FormData(form).get(name).trim()]));
      const finding = record("finding", { ...given, at: now() });
      const made = await exhibits(photos.files, finding.id, given.place);
      if (made && (await write([finding, ...made]))) form.reset();
    });
    return form;
  }

  /* ---- sending ---- */

  async function send() {
    if (sending) { again = true; return; }
    if (!navigator.onLine) return;
    sending = true;
    root.dataset.sending = "yes";
    try {
      do {
        again = false;
        await sendAll();
      } while (again);
    } catch (lost) {
      tell(say(lost.signin ? "signin" : "unreached"), "error");
    }
    sending = false;
    root.dataset.sending = "no";
  }

  async function sendAll() {
    const records = (await own()).filter((one) => one.state === "waiting");
    const token = (await status()).token;
    if (records.length) tell(say("sending"));
    const written = records.filter((one) => one.type !== "exhibit");
    if (written.length) {
      const body = JSON.stringify({ looks: sent(written, "look"), findings: sent(written, "finding") });
      await settle(written, await post(task.sync, token, body, "application/json"));
    }
    for (const one of records.filter((each) => each.type === "exhibit")) {
      const form = new FormData();
      form.append("about", JSON.stringify({ id: one.id, ...one.said }));
      form.append("file", new Blob([one.bytes], { type: one.mime }), one.said.name);
      await settle([one], await post(task.exhibits, token, form));
    }
    kept = (await status()).kept;
    await store.keep(task.id, kept);
    await paint();
  }

  const sent = (records, type) => records.filter((one) => one.type === type).map((one) => ({ id: one.id, ...one.said }));

  async function asked(address, given) {
    const answer = await fetch(address, { credentials: "same-origin", redirect: "manual", ...given });
    if (answer.type === "opaqueredirect") throw Object.assign(new Error("sign in"), { signin: true });
    if (!answer.ok && answer.status !== 422) throw new Error(String(answer.status));
    return answer.json();
  }

  const status = () => asked(task.status, {});
  const post = (address, token, body, type) =>
    asked(address, { method: "POST", body, headers: { "X-CSRFToken": token, ...(type ? { "Content-Type": type } : {}) } });

  /* Only what the server says that it has leaves the phone. */
  async function settle(records, told) {
    for (const one of records) {
      if (told.refused) await store.put({ ...one, state: "refused", why: told.refused });
      else if (told.kept.includes(one.id) || told.known.includes(one.id)) await store.drop(one.id);
      else if (one.id in told.conflicts) await store.put({ ...one, state: "conflict", theirs: told.conflicts[one.id] });
      else if (told.late.includes(one.id)) await store.put({ ...one, state: "late" });
    }
  }

  async function begin() {
    root.append(bar, newFinding(), list, checklist());
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
    const before = await store.kept(task.id);
    if (before && !navigator.onLine) kept = before.kept;
    await paint();
    window.addEventListener("online", () => paint().then(send));
    window.addEventListener("offline", paint);
    send();
  }

  begin();
})();
