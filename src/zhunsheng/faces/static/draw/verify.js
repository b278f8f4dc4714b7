/* Computes a draw file again, from docs/reference/draw.md alone: a second program beside `zhunsheng draw verify`, which shares no
   code with it. Nothing leaves the browser. `DrawFile.verify(bytes)` → { holds, document, checks: [{name, outcome, place, reason}] }. */
var DrawFile = (function () {
  "use strict";

  var NAMES = ["form", "tickets", "commitment", "secrets", "seed", "possible", "laboratories", "officers"];

  /* ---- one form only: canonical JSON (RFC 8785) ---- */

  function Fault(place, en, zh) {
    this.place = place;
    this.reason = { en: en, zh: zh };
  }

  function read(bytes) {
    var text, value;
    try {
      text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch (error) {
      throw new Fault("", "The file is not UTF-8 text.", "文件不是 UTF-8 文本。");
    }
    try {
      value = JSON.parse(text);
    } catch (error) {
      throw new Fault("", "The file is not JSON.", "文件不是 JSON。");
    }
    if (written(value) !== text) {
      throw new Fault("", "The file is not in canonical form (RFC 8785).", "文件不是规范形式（RFC 8785）。");
    }
    return value;
  }

  function written(value) {
    if (Array.isArray(value)) return "[" + value.map(written).join(",") + "]";
    if (typeof value === "string") return quoted(value);
    if (value === null || typeof value !== "object") return JSON.stringify(value);
    return "{" + Object.keys(value).sort().map(function (key) {
      return quoted(key) + ":" + written(value[key]);
    }).join(",") + "}";
  }

  function quoted(string) {
    if (/\p{Surrogate}/u.test(string)) throw new Fault("", "The file holds half a character.", "文件中含有不完整的字符。");
    return JSON.stringify(string);
  }

  /* ---- what must stand where; a shape is a function that throws a Fault ---- */

  function has(object, key) {
    return Object.prototype.hasOwnProperty.call(object, key);
  }

  function step(place, key) {
    return place + "/" + String(key).replace(/~/g, "~0").replace(/\//g, "~1");
  }

  function object(shape) {
    return function (value, place) {
      if (value === null || typeof value !== "object" || Array.isArray(value)) {
        throw new Fault(place, "an object was expected", "此处应为对象");
      }
      Array.from(new Set(Object.keys(shape).concat(Object.keys(value)))).sort().forEach(function (key) {
        var where = step(place, key);
        if (!has(value, key)) throw new Fault(where, "this is missing", "缺少此项");
        if (!has(shape, key)) throw new Fault(where, "this does not belong here", "此处不应有此项");
        shape[key](value[key], where);
      });
    };
  }

  function list(item, least) {
    return function (value, place) {
      if (!Array.isArray(value) || value.length < (least || 0)) {
        throw new Fault(place, "a list was expected, of at least " + (least || 0), "此处应为至少 " + (least || 0) + " 项的列表");
      }
      value.forEach(function (one, i) {
        item(one, step(place, i));
      });
    };
  }

  function text(value, place) {
    if (typeof value !== "string" || value === "") throw new Fault(place, "text was expected", "此处应为文本");
    if (value.normalize("NFC") !== value) {
      throw new Fault(place, "this text is not in Unicode form NFC", "此处文本不是 Unicode NFC 形式");
    }
  }

  function like(pattern) {
    return function (value, place) {
      if (typeof value !== "string" || !pattern.test(value)) {
        throw new Fault(place, "this is not written as " + pattern.source, "此处写法不符合 " + pattern.source);
      }
    };
  }

  function integer(least, most) {
    return function (value, place) {
      if (!Number.isInteger(value) || value < least || value > most) {
        throw new Fault(place, "an integer from " + least + " to " + most + " was expected", "此处应为 " + least + " 至 " + most + " 的整数");
      }
    };
  }

  function share(value, place) {
    list(integer(0, 1000000))(value, place);
    if (value.length !== 2 || value[0] > value[1] || value[1] === 0) {
      throw new Fault(place, "a fraction from 0 to 1 was expected", "此处应为 0 至 1 的分数");
    }
  }

  function replaced(value, place) {
    if (value !== null) object({ id: id, reason: words })(value, place);
  }

  var id = like(/^[A-Za-z0-9._:-]{1,64}$/), hash = like(/^[0-9a-f]{64}$/), day = like(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/);
  var words = object({ en: text, zh: text }), ticket = integer(1, 8);
  var risks = { A: ticket, B: ticket, C: ticket, D: ticket, none: ticket };

  var FILE = object({
    format: like(/^zhunsheng-draw\/1$/),
    list: object({
      draw: object({ id: id, title: words, authority: words, on: day, replaces: replaced }),
      policy: object({
        id: text, tickets: object(risks), no_show: integer(0, 8), most: ticket, even: share, officers: integer(2, 9),
      }),
      parties: list(words, 2),
      beacon: object({ source: words, on: day }),
      strata: list(object({ id: id, name: words, field: id, quota: integer(1, 100000) }), 1),
      laboratories: list(object({
        id: id, name: words, stratum: id, risk: like(/^(?:A|B|C|D|none)$/), no_shows: integer(0, 1000000), tickets: ticket,
      })),
      excluded: list(object({ id: id, name: words, stratum: id, reason: words })),
      officers: list(object({ id: id, fields: list(id), cap: integer(1, 1000000) })),
      excluded_officers: list(object({ id: id, reason: words })),
      recusals: list(object({ laboratory: id, officer: id, reason: like(/^(?:origin|mentor|consultant|interest)$/) })),
    }),
    commitment: object({ list_sha256: hash, secrets: list(hash) }),
    reveal: object({ secrets: list(hash), beacon: like(/^[0-9a-z]{6,128}$/) }),
    result: object({
      seed: hash,
      strata: list(object({
        stratum: id, drawn: list(object({ laboratory: id, part: like(/^(?:even|tickets)$/), number: hash })),
      })),
      teams: list(object({ laboratory: id, officers: list(id) })),
      caps_raised: integer(0, 1000000),
    }),
  });

  var ORDERS = [
    ["strata", ["id"]], ["laboratories", ["id"]], ["excluded", ["id"]], ["officers", ["id"]], ["excluded_officers", ["id"]],
    ["recusals", ["laboratory", "officer", "reason"]],
  ];

  function inOrder(frozen) {
    ORDERS.forEach(function (rule) {
      for (var i = 1; i < frozen[rule[0]].length; i++) {
        if (!ascends(frozen[rule[0]][i - 1], frozen[rule[0]][i], rule[1])) {
          throw new Fault("/list/" + rule[0] + "/" + i, "this is out of order or stands here twice", "此处次序有误或重复");
        }
      }
    });
    var strata = ids(frozen.strata), laboratories = ids(frozen.laboratories), officers = ids(frozen.officers);
    known(frozen, "laboratories", "stratum", strata);
    known(frozen, "excluded", "stratum", strata);
    known(frozen, "recusals", "laboratory", laboratories);
    known(frozen, "recusals", "officer", officers);
    apart(frozen, "excluded", laboratories);
    apart(frozen, "excluded_officers", officers);
  }

  function ascends(before, after, keys) {
    for (var i = 0; i < keys.length; i++) {
      if (before[keys[i]] !== after[keys[i]]) return before[keys[i]] < after[keys[i]];
    }
    return false;
  }

  function ids(rows) {
    return new Set(rows.map(function (row) { return row.id; }));
  }

  function known(frozen, name, key, all) {
    frozen[name].forEach(function (row, i) {
      if (!all.has(row[key])) throw new Fault("/list/" + name + "/" + i + "/" + key, "the list has no such entry", "名单中没有该项");
    });
  }

  function apart(frozen, name, candidates) {
    frozen[name].forEach(function (row, i) {
      if (candidates.has(row.id)) {
        throw new Fault("/list/" + name + "/" + i, "this is excluded and a candidate at once", "此项既被排除又在候选名单中");
      }
    });
  }

  /* ---- chance: SHA-256, by the browser ---- */

  var utf8 = new TextEncoder();

  function bytesOf(hex) {
    return Uint8Array.from(hex.match(/../g), function (two) { return parseInt(two, 16); });
  }

  function joined(parts) {
    var all = new Uint8Array(parts.reduce(function (n, part) { return n + part.length; }, 0)), at = 0;
    parts.forEach(function (part) {
      all.set(part, at);
      at += part.length;
    });
    return all;
  }

  async function sha256(parts) {
    var digest = new Uint8Array(await crypto.subtle.digest("SHA-256", joined(parts)));
    return Array.from(digest, function (byte) { return byte.toString(16).padStart(2, "0"); }).join("");
  }

  function number(seed, said) {
    return sha256([seed, utf8.encode(said)]);
  }

  async function byTicket(seed, laboratory) {
    var each = [];
    for (var k = 0; k < laboratory.tickets; k++) each.push(number(seed, "lab|" + laboratory.id + "|" + k));
    return (await Promise.all(each)).sort()[0];
  }

  /* ---- laboratories ---- */

  async function drawStratum(stratum, candidates, even, seed) {
    var parts = stratum.quota * even[0], over = parts % even[1];
    var share = (parts - over) / even[1] + (over ? 1 : 0);
    var first = await smallest(candidates, share, "even", function (one) { return number(seed, "even|" + one.id); });
    var taken = new Set(first.map(function (one) { return one.laboratory; }));
    var left = candidates.filter(function (one) { return !taken.has(one.id); });
    var rest = await smallest(left, stratum.quota - share, "tickets", function (one) { return byTicket(seed, one); });
    return first.concat(rest);
  }

  async function smallest(candidates, n, part, numberOf) {
    var numbers = await Promise.all(candidates.map(numberOf));
    var rows = candidates.map(function (one, i) { return { laboratory: one.id, part: part, number: numbers[i] }; });
    rows.sort(function (a, b) {
      if (a.number !== b.number) return a.number < b.number ? -1 : 1;
      return a.laboratory < b.laboratory ? -1 : 1;
    });
    return rows.slice(0, n);
  }

  /* ---- officers ---- */

  function mayBeSent(frozen, laboratory, stratum) {
    var barred = new Set();
    frozen.recusals.forEach(function (one) { if (one.laboratory === laboratory) barred.add(one.officer); });
    return frozen.officers.filter(function (one) {
      return one.fields.includes(stratum.field) && !barred.has(one.id);
    }).map(function (one) { return one.id; });
  }

  /* Who sits where. `place` finds a seat by letting others move on, as deep as it takes. */
  function Table(may, caps, size) {
    this.may = may;
    this.caps = caps;
    this.held = new Map(Array.from(may.keys(), function (one) { return [one, new Set()]; }));
    this.visits = new Map(Array.from(caps.keys(), function (one) { return [one, new Set()]; }));
    this.kept = new Set();
    this.full = Array.from(may.keys()).every(function (laboratory) {
      for (var seat = 0; seat < size; seat++) if (!this.place(laboratory, new Set())) return false;
      return true;
    }, this);
  }

  Table.prototype.sit = function (laboratory, officer) {
    this.held.get(laboratory).add(officer);
    this.visits.get(officer).add(laboratory);
  };

  Table.prototype.rise = function (laboratory, officer) {
    this.held.get(laboratory).delete(officer);
    this.visits.get(officer).delete(laboratory);
  };

  Table.prototype.isKept = function (laboratory, officer) {
    return this.kept.has(laboratory + "|" + officer);
  };

  Table.prototype.place = function (laboratory, asked) {
    for (var officer of this.may.get(laboratory)) {
      if (asked.has(officer) || this.held.get(laboratory).has(officer)) continue;
      asked.add(officer);
      if (this.visits.get(officer).size < this.caps.get(officer)) {
        this.sit(laboratory, officer);
        return true;
      }
      for (var other of Array.from(this.visits.get(officer))) {
        if (other === laboratory || this.isKept(other, officer)) continue;
        this.rise(other, officer);
        if (this.place(other, asked)) {
          this.sit(laboratory, officer);
          return true;
        }
        this.sit(other, officer);
      }
    }
    return false;
  };

  /* Keep this seat for this officer for good, if all the others can still sit. */
  Table.prototype.keep = function (laboratory, officer) {
    if (!this.held.get(laboratory).has(officer)) {
      var free = Array.from(this.held.get(laboratory)).find(function (one) { return !this.isKept(laboratory, one); }, this);
      var loser = null;
      if (this.visits.get(officer).size >= this.caps.get(officer)) {
        loser = Array.from(this.visits.get(officer)).find(function (one) { return !this.isKept(one, officer); }, this);
        if (loser === undefined) return false;
        this.rise(loser, officer);
      }
      this.rise(laboratory, free);
      this.sit(laboratory, officer);
      this.kept.add(laboratory + "|" + officer);
      if (loser !== null && !this.place(loser, new Set())) {
        this.kept.delete(laboratory + "|" + officer);
        this.rise(laboratory, officer);
        this.sit(laboratory, free);
        this.sit(loser, officer);
        return false;
      }
    }
    this.kept.add(laboratory + "|" + officer);
    return true;
  };

  async function drawTeams(frozen, drawn, seed) {
    var may = new Map(drawn.map(function (one) { return [one.laboratory, mayBeSent(frozen, one.laboratory, one.stratum)]; }));
    var raised = -1, table;
    do {
      raised += 1;
      var caps = new Map(frozen.officers.map(function (one) { return [one.id, one.cap + raised]; }));
      table = new Table(may, caps, frozen.policy.officers);
    } while (!table.full);
    var seats = new Map(), teams = [];
    for (var laboratory of may.keys()) teams.push(await drawTeam(laboratory, may.get(laboratory), seats, table, frozen, seed));
    return { teams: teams, caps_raised: raised };
  }

  async function drawTeam(laboratory, officers, seats, table, frozen, seed) {
    var numbers = await Promise.all(officers.map(function (one) { return number(seed, "insp|" + laboratory + "|" + one); }));
    var chance = new Map(officers.map(function (one, i) { return [one, numbers[i]]; })), team = [];
    while (team.length < frozen.policy.officers) {
      var chosen = officers.filter(function (one) { return !team.includes(one); }).sort(function (a, b) {
        var x = seats.get(a) || 0, y = seats.get(b) || 0;
        if (x !== y) return x - y;
        if (chance.get(a) !== chance.get(b)) return chance.get(a) < chance.get(b) ? -1 : 1;
        return a < b ? -1 : 1;
      }).find(function (one) { return table.keep(laboratory, one); });
      team.push(chosen);
      seats.set(chosen, (seats.get(chosen) || 0) + 1);
    }
    return { laboratory: laboratory, officers: team };
  }

  /* ---- the checks ---- */

  function differs(place, en, zh) {
    return { outcome: "differs", place: place, reason: { en: en, zh: zh } };
  }

  function otherwise(place, stated, right) {
    return differs(place, "The file says " + stated + "; computed again it is " + right + ".",
      "文件中为 " + stated + "，重新计算得 " + right + "。");
  }

  function firstDifference(right, stated, place) {
    if (Array.isArray(right)) {
      if (right.length !== stated.length) {
        return differs(place, "The file has " + stated.length + " entries here; computed again there are " + right.length + ".",
          "文件中此处有 " + stated.length + " 项，重新计算得 " + right.length + " 项。");
      }
    } else if (right === null || typeof right !== "object") {
      return right === stated ? null : otherwise(place, stated, right);
    }
    for (var key of Object.keys(right).sort(Array.isArray(right) ? byValue : undefined)) {
      var found = firstDifference(right[key], stated[key], step(place, key));
      if (found) return found;
    }
    return null;
  }

  function byValue(a, b) {
    return a - b;
  }

  function ticketsOf(document) {
    var policy = document.list.policy;
    for (var i = 0; i < document.list.laboratories.length; i++) {
      var one = document.list.laboratories[i];
      var right = Math.min(policy.most, policy.tickets[one.risk] + policy.no_show * one.no_shows);
      if (one.tickets !== right) return otherwise("/list/laboratories/" + i + "/tickets", one.tickets, right);
    }
    return null;
  }

  async function secretsOf(document) {
    var promised = document.commitment.secrets, revealed = document.reveal.secrets, n = document.list.parties.length;
    if (promised.length !== n || new Set(promised).size !== n) {
      return differs("/commitment/secrets", "Each party promises a secret of its own.", "各方须分别作出不同的承诺。");
    }
    if (revealed.length !== n) return differs("/reveal/secrets", "Each party reveals its secret.", "各方均须公开秘密值。");
    for (var i = 0; i < n; i++) {
      var found = await sha256([bytesOf(revealed[i])]);
      if (found !== promised[i]) return otherwise("/reveal/secrets/" + i, found, promised[i]);
    }
    return null;
  }

  function possible(frozen) {
    var strata = new Map(frozen.strata.map(function (one) { return [one.id, one]; })), waiting = new Map(), barred = new Map();
    frozen.laboratories.forEach(function (one) { waiting.set(one.stratum, (waiting.get(one.stratum) || 0) + 1); });
    for (var i = 0; i < frozen.strata.length; i++) {
      var n = waiting.get(frozen.strata[i].id) || 0, quota = frozen.strata[i].quota;
      if (n < quota) {
        return differs("/list/strata/" + i + "/quota", "The stratum has " + n + " candidates for a quota of " + quota + ".",
          "该层有 " + n + " 家候选机构，少于名额 " + quota + "。");
      }
    }
    frozen.recusals.forEach(function (one) {
      if (!barred.has(one.laboratory)) barred.set(one.laboratory, new Set());
      barred.get(one.laboratory).add(one.officer);
    });
    var fields = new Map(frozen.officers.map(function (one) { return [one.id, new Set(one.fields)]; })), able = new Map();
    frozen.strata.forEach(function (one) {
      able.set(one.field, frozen.officers.filter(function (o) { return fields.get(o.id).has(one.field); }).length);
    });
    for (var j = 0; j < frozen.laboratories.length; j++) {
      var field = strata.get(frozen.laboratories[j].stratum).field, left = able.get(field);
      (barred.get(frozen.laboratories[j].id) || new Set()).forEach(function (one) { if (fields.get(one).has(field)) left -= 1; });
      if (left < frozen.policy.officers) {
        return differs("/list/laboratories/" + j, "Only " + left + " officers may be sent to this laboratory.",
          "可选派到该机构的检查人员只有 " + left + " 名。");
      }
    }
    return null;
  }

  async function drawAgain(frozen, seed) {
    var groups = new Map(frozen.strata.map(function (one) { return [one.id, []]; })), strata = [], drawn = [];
    frozen.laboratories.forEach(function (one) { groups.get(one.stratum).push(one); });
    for (var stratum of frozen.strata) {
      var them = await drawStratum(stratum, groups.get(stratum.id), frozen.policy.even, seed);
      strata.push({ stratum: stratum.id, drawn: them });
      them.forEach(function (one) { drawn.push({ laboratory: one.laboratory, stratum: stratum }); });
    }
    var sent = await drawTeams(frozen, drawn, seed);
    return { strata: strata, teams: sent.teams, caps_raised: sent.caps_raised };
  }

  async function answers(document) {
    var frozen = document.list, stated = document.result, found = { form: null };
    var listHash = await sha256([utf8.encode(written(frozen))]);
    var parts = [bytesOf(listHash)].concat(document.reveal.secrets.map(bytesOf), [utf8.encode(document.reveal.beacon)]);
    var seed = await sha256(parts), promised = document.commitment.list_sha256;
    found.tickets = ticketsOf(document);
    found.commitment = listHash === promised ? null : otherwise("/commitment/list_sha256", promised, listHash);
    found.secrets = await secretsOf(document);
    found.seed = seed === stated.seed ? null : otherwise("/result/seed", stated.seed, seed);
    found.possible = possible(frozen);
    if (found.possible) return found;
    var right = await drawAgain(frozen, bytesOf(seed));
    found.laboratories = firstDifference(right.strata, stated.strata, "/result/strata");
    found.officers = firstDifference(right.teams, stated.teams, "/result/teams") ||
      firstDifference(right.caps_raised, stated.caps_raised, "/result/caps_raised");
    return found;
  }

  async function verify(bytes) {
    var document = null, found;
    try {
      document = read(bytes);
      FILE(document, "");
      inOrder(document.list);
      found = await answers(document);
    } catch (fault) {
      if (fault instanceof RangeError) fault = new Fault("", "The file is nested too deeply.", "文件嵌套过深。");
      if (!(fault instanceof Fault)) throw fault;
      document = null;
      found = { form: differs(fault.place, fault.reason.en, fault.reason.zh) };
    }
    var checks = NAMES.map(function (name) {
      if (!has(found, name)) return { name: name, outcome: "not_examined", place: null, reason: null };
      return Object.assign({ name: name, outcome: "holds", place: null, reason: null }, found[name]);
    });
    return { holds: checks.every(function (one) { return one.outcome === "holds"; }), document: document, checks: checks };
  }

  return { verify: verify, sha256: sha256, bytesOf: bytesOf };
})();
