/* The charts of the house: pure functions from data to an ECharts option, for the browser and for print alike.
   Nothing here touches a page, a clock or a network, so that both sides draw the same picture from the same data. */
(function (root) {
  "use strict";

  var FONT = '"Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif';
  var PRINT_FONT = "Noto Sans CJK SC";
  var INK = "#1f2a33", GREY = "#5d6873", RULE = "#e4e7ea", BAND = "rgba(44, 82, 110, 0.10)", BLUE = "#2c526e";
  var THIN = 150; // above this many bars a code under each would be a grey smear
  var CUT = 5; // scores beyond are cut, with an arrow and their value
  var LONGEST = 18; // a label longer than this loses its middle; a Han character is two wide
  var REACH = 6; // results further than this many sigma_pt from x_pt are cut likewise

  var SIGNALS = {
    acceptable: { letter: "✓", en: "acceptable", zh: "满意", rule: "|{z}| ≤ 2", colour: "#7fae96", symbol: "circle" },
    warning: { letter: "W", en: "warning signal", zh: "可疑", rule: "2 < |{z}| < 3", colour: "#e2a93f", symbol: "diamond" },
    action: { letter: "A", en: "action signal", zh: "不满意", rule: "|{z}| ≥ 3", colour: "#9c2f2f", symbol: "rect" },
  };
  var ORDER = ["acceptable", "warning", "action"];
  // Hatching tells amber from green where a page is printed grey.
  var HATCH = {
    symbol: "rect", symbolSize: 1, dashArrayX: [1, 0], dashArrayY: [1.5, 3], rotation: -Math.PI / 4,
    color: "rgba(60, 35, 0, 0.55)",
  };
  var DOWN = "path://M4,0L6,0L6,8L10,8L5,15L0,8L4,8Z";

  function speaker(lang) {
    return function (en, zh) {
      return lang === "both" ? zh + " " + en : lang === "zh" ? zh : en;
    };
  }

  function number(value, decimals) {
    return value.toFixed(decimals).replace("-", "−");
  }

  function wide(character) {
    return character.charCodeAt(0) > 0x2e7f;
  }

  function units(text) {
    return Array.from(text).reduce(function (sum, c) { return sum + (wide(c) ? 2 : 1); }, 0);
  }

  // The middle goes: the names of laboratories differ at their beginning and at their end.
  function shorten(text, most) {
    if (units(text) <= most) return text;
    var characters = Array.from(text), head = [], tail = [], room = most - 1;
    while (room > 0 && characters.length) {
      var fromHead = units(head.join("")) <= units(tail.join(""));
      var c = fromHead ? characters.shift() : characters.pop();
      room -= wide(c) ? 2 : 1;
      if (room < 0) break;
      if (fromHead) head.push(c); else tail.unshift(c);
    }
    return head.join("") + "…" + tail.join("");
  }

  function clamp(value, low, high) {
    return Math.max(low, Math.min(high, value));
  }

  function scoreName(data) {
    return data.score === "z_prime" ? "z′" : "z";
  }

  function signalName(signal, data, say) {
    var s = SIGNALS[signal];
    return s.letter + " " + say(s.en, s.zh) + "  " + s.rule.replace("{z}", scoreName(data));
  }

  /* The frame every chart shares: sizes that follow the number of laboratories, axis of codes, legend, words. */
  function frame(labels, lang, opts, data, legendLines) {
    var width = opts.width || 680, size = 11;
    var slot = (width - 102) / Math.max(labels.length, 1);
    var labelled = labels.length <= THIN, caption = captionOf(labels.length, data.laboratories || 0, labelled, speaker(lang));
    var codes = clamp(slot * 1.25, 5, 10.5);
    var longest = labels.reduce(function (most, label) { return Math.max(most, units(shorten(label.text, LONGEST))); }, 1);
    return {
      slot: slot, labelled: labelled, size: size, say: speaker(lang),
      option: {
        animation: false,
        backgroundColor: opts.print ? "transparent" : undefined,
        textStyle: { fontFamily: opts.print ? PRINT_FONT : FONT, color: INK },
        aria: { enabled: true, label: { description: data.description[lang === "en" ? "en" : "zh"] } },
        grid: {
          left: 62, right: 40, top: legendLines > 1 ? 50 : 28, outerBoundsMode: "none",
          bottom: labelled ? Math.ceil(longest * codes * 0.56) + (caption ? 32 : 16) : 34,
        },
        xAxis: codesAxis(labels, labelled, codes, caption, labelled ? Math.ceil(longest * codes * 0.56) + 12 : 10),
        legend: { top: 0, left: 44, right: 8, itemWidth: 12, itemHeight: 9, itemGap: 14, selectedMode: !opts.print,
          textStyle: { fontSize: size, color: GREY } },
        dataZoom: opts.print || labelled ? undefined : [{ type: "slider", bottom: 6, height: 14, showDetail: false }],
      },
    };
  }

  // A chart may be given only a part of the laboratories; `all` is then how many there are.
  function captionOf(shown, all, labelled, say) {
    if (all > shown) {
      return say(
        grouped(shown) + " of " + grouped(all) + " laboratories shown, ascending",
        grouped(all) + " 个实验室中的 " + grouped(shown) + " 个，按升序排列"
      );
    }
    return labelled ? "" : say(grouped(shown) + " laboratories, ascending", grouped(shown) + " 个实验室，按升序排列");
  }

  function grouped(n) {
    return String(n).replace(/\B(?=(\d{3})+$)/g, "\u00a0");
  }

  function codesAxis(labels, labelled, fontSize, caption, gap) {
    return {
      type: "category", data: labels.map(function (_, i) { return i; }),
      axisTick: { show: false }, axisLine: { onZero: false, lineStyle: { color: GREY } },
      axisLabel: {
        show: labelled, interval: 0, rotate: 90, fontSize: fontSize, color: GREY, margin: 6, hideOverlap: false,
        formatter: function (i) {
          var label = labels[i], text = shorten(label.text, LONGEST);
          return label.own ? "{own|" + text.replace(/[{}|]/g, " ") + "}" : text;
        },
        rich: { own: { fontWeight: 700, color: INK, fontSize: fontSize } },
      },
      name: caption, nameLocation: "middle", nameGap: gap, nameTextStyle: { color: GREY, fontSize: 11 },
    };
  }

  function lines(marks) {
    return {
      type: "line", data: [], silent: true, z: 4,
      markLine: {
        symbol: "none", silent: true, animation: false, precision: -1, // the default rounds a line to 2 decimals
        data: marks.map(function (mark) {
          return {
            yAxis: mark.at, lineStyle: { type: mark.type, color: mark.colour || GREY, width: mark.width || 1 },
            label: { show: Boolean(mark.text), formatter: mark.text, position: "end", distance: 4, color: GREY, fontSize: 10 },
          };
        }),
      },
    };
  }

  function tooltip(rows) {
    return {
      // The default HTML tooltip writes inline styles, which a strict content security policy refuses.
      renderMode: "richText", trigger: "axis", axisPointer: { type: "shadow" }, confine: true,
      formatter: function (points) {
        // Not dataIndex: a series of one signal counts only its own points.
        return rows(Number(points[0].axisValue)).join("\n");
      },
    };
  }

  /* ---- sorted z scores ------------------------------------------------------------------------------------ */

  function zScores(data, lang, opts) {
    opts = opts || {};
    var bars = data.bars;
    var f = frame(bars.map(function (b) { return { text: b.label, own: b.own }; }), lang, opts, data, 1);
    var most = bars.reduce(function (m, b) { return Math.max(m, Math.abs(b.score)); }, 0);
    var limit = most > CUT ? CUT + 1 : Math.max(4, Math.ceil(most + 0.5));
    f.option.yAxis = {
      type: "value", min: -limit, max: limit, interval: 1, name: scoreName(data), nameLocation: "middle", nameGap: 30,
      nameTextStyle: { color: INK, fontSize: 12 }, splitLine: { lineStyle: { color: RULE } },
      axisLabel: { color: GREY, fontSize: 10, formatter: function (v) { return Math.abs(v) > CUT ? "" : number(v, 0); } },
    };
    f.option.series = ORDER.map(function (signal) { return zBars(signal, data, f, opts); })
      .concat([cutArrows(bars, f), lines([
        { at: 2, type: "dashed" }, { at: -2, type: "dashed" }, { at: 3, type: "solid" }, { at: -3, type: "solid" },
        { at: 0, type: "solid", colour: INK },
      ])]);
    f.option.legend.data = ORDER.map(function (signal) { return signalName(signal, data, f.say); });
    f.option.tooltip = opts.print ? { show: false } : tooltip(function (i) {
      var b = bars[i];
      return [b.label, scoreName(data) + " = " + number(b.score, 2), signalName(b.signal, data, f.say)];
    });
    return f.option;
  }

  function zBars(signal, data, f, opts) {
    var s = SIGNALS[signal], some = data.bars.some(function (b) { return b.own; });
    return {
      name: signalName(signal, data, f.say), type: "bar", barGap: "-100%", barMaxWidth: 44, barCategoryGap: f.labelled ? "28%" : "0%",
      itemStyle: { color: s.colour, decal: signal === "warning" ? HATCH : undefined },
      emphasis: { disabled: Boolean(opts.print) },
      data: data.bars.map(function (b) {
        if (b.signal !== signal) return null;
        return {
          value: clamp(b.score, -CUT, CUT), label: barLabel(b, s, f),
          itemStyle: b.own ? { borderColor: INK, borderWidth: 1.6 } : { opacity: some ? 0.5 : 1 },
        };
      }),
    };
  }

  function barLabel(bar, signal, f) {
    if (!f.labelled || bar.signal === "acceptable") return { show: bar.own && f.labelled, position: beyond(bar.score), formatter: number(bar.score, 2), color: INK, fontSize: 10, fontWeight: 700 };
    if (Math.abs(bar.score) > CUT) {
      return {
        show: true, position: "inside", rotate: 90, color: "#fff", textBorderWidth: 0, fontSize: clamp(f.slot * 0.62, 4.5, 10),
        formatter: signal.letter + " " + number(bar.score, 2),
      };
    }
    return {
      show: true, position: beyond(bar.score), distance: 2, color: INK, fontSize: clamp(f.slot * 0.8, 4.5, 9.5),
      formatter: signal.letter, fontWeight: bar.own ? 700 : 400,
    };
  }

  function beyond(score) {
    return score < 0 ? "bottom" : "top";
  }

  function cutArrows(bars, f) {
    return {
      type: "scatter", symbol: "triangle", symbolSize: clamp(f.slot * 0.6, 2, 8), silent: true, z: 5,
      itemStyle: { color: SIGNALS.action.colour }, tooltip: { show: false },
      data: bars.map(function (b, i) { return { i: i, score: b.score }; })
        .filter(function (b) { return Math.abs(b.score) > CUT; })
        .map(function (b) {
          return { value: [b.i, b.score < 0 ? -CUT - 0.4 : CUT + 0.4], symbolRotate: b.score < 0 ? 180 : 0 };
        }),
    };
  }

  /* ---- results with their uncertainties ------------------------------------------------------------------- */

  function resultBars(data, lang, opts) {
    opts = opts || {};
    var points = data.points;
    var f = frame(points.map(function (p) { return { text: p.label, own: p.own }; }), lang, opts, data, lang === "zh" ? 1 : 2);
    var scale = resultScale(data);
    f.option.yAxis = {
      type: "value", min: scale.low, max: scale.high, interval: scale.step, name: data.unit || "", nameLocation: "middle", nameGap: 46,
      nameTextStyle: { color: INK, fontSize: 11 }, splitLine: { show: false },
      axisLine: { show: true, lineStyle: { color: GREY } }, axisTick: { show: true },
      axisLabel: { color: GREY, fontSize: 10, formatter: function (v) { return tick(v, scale); } },
    };
    f.option.series = [errorBars(points, f, scale)]
      .concat(ORDER.map(function (signal) { return dots(signal, data, f, scale); }))
      .concat([hollow(f), limits(points, f, scale), bands(data), lines(bandLines(data))]);
    f.option.legend.data = f.option.series.filter(function (s) { return s.listed; }).map(function (s) { return s.name; });
    f.option.tooltip = opts.print ? { show: false } : tooltip(function (i) { return resultWords(points[i], data, f.say); });
    return f.option;
  }

  function resultWords(p, data, say) {
    var rows = [p.label, p.result + (p.uncertainty ? " ± " + p.uncertainty : "") + (data.unit ? " " + data.unit : "")];
    return rows.concat(p.signal ? [signalName(p.signal, data, say)] : [say("not scored", "未评分")]);
  }

  function resultScale(data) {
    var x = data.assigned.value, sigma = data.sigma, values = [x - 3.4 * sigma, x + 3.4 * sigma];
    data.points.forEach(function (p) { values.push(p.value, p.value + (p.U || 0), p.value - (p.U || 0)); });
    var reach = Math.max(REACH * sigma, 3 * (data.assigned.U || 0));
    var low = Math.max(Math.min.apply(null, values), x - reach), high = Math.min(Math.max.apply(null, values), x + reach);
    var step = niceStep((high - low) / 6);
    return { low: Math.floor(low / step) * step, high: Math.ceil(high / step) * step, step: step };
  }

  function niceStep(rough) {
    var power = Math.pow(10, Math.floor(Math.log10(rough))), lead = rough / power;
    return (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 2.5 ? 2.5 : lead <= 5 ? 5 : 10) * power;
  }

  function tick(value, scale) {
    var power = Math.floor(Math.log10(scale.step) + 1e-9), lead = scale.step / Math.pow(10, power);
    var decimals = -power + (Math.abs(lead - Math.round(lead)) > 1e-6 ? 1 : 0);
    var large = Math.max(Math.abs(scale.low), Math.abs(scale.high));
    if (large >= 1e6 || large < 1e-4) return value === 0 ? "0" : value.toExponential(2).replace(/-/g, "−");
    return number(Math.abs(value) < scale.step / 1e6 ? 0 : value, clamp(decimals, 0, 12));
  }

  function outside(value, scale) {
    return value < scale.low ? -1 : value > scale.high ? 1 : 0;
  }

  function dots(signal, data, f, scale) {
    var s = SIGNALS[signal], size = clamp(f.slot * 0.55, 2, 7.5);
    return {
      name: signalName(signal, data, f.say), listed: true, type: "scatter", symbol: s.symbol, symbolSize: size, z: 6,
      itemStyle: { color: s.colour, borderColor: INK, borderWidth: f.labelled ? 0.6 : 0 },
      data: data.points.map(function (p, i) { return { p: p, i: i }; })
        .filter(function (e) { return e.p.signal === signal; })
        .map(function (e) { return dot(e.p, e.i, s, f, scale); }),
    };
  }

  function dot(p, i, signal, f, scale) {
    var off = outside(p.value, scale);
    var style = p.own ? { borderColor: INK, borderWidth: 1.8 } : p.U === null ? { color: "#fff", borderColor: signal.colour, borderWidth: 1.3 } : undefined;
    if (!off) return { value: [i, p.value], itemStyle: style };
    return {
      value: [i, off < 0 ? scale.low : scale.high], symbol: "triangle", symbolRotate: off < 0 ? 180 : 0, itemStyle: style,
      label: { show: f.labelled, rotate: 90, position: off < 0 ? "top" : "bottom", align: off < 0 ? "left" : "right",
        verticalAlign: "middle", formatter: p.result, fontSize: clamp(f.slot * 0.8, 4.5, 9), color: INK },
    };
  }

  function hollow(f) {
    return {
      name: f.say("hollow: no uncertainty given", "空心：未给出不确定度"), listed: true, type: "scatter", symbol: "circle",
      symbolSize: 7, itemStyle: { color: "#fff", borderColor: GREY, borderWidth: 1.3 }, data: [],
    };
  }

  function limits(points, f, scale) {
    var found = points.map(function (p, i) { return { p: p, i: i }; }).filter(function (e) { return e.p.kind !== "value"; });
    return {
      name: f.say("limit reported, not scored", "仅报告限值，未评分"), listed: found.length > 0, type: "scatter", symbol: DOWN,
      symbolSize: [clamp(f.slot * 0.6, 3, 8), clamp(f.slot, 5, 13)], itemStyle: { color: BLUE }, z: 6,
      data: found.map(function (e) {
        var at = clamp(e.p.value, scale.low, scale.high), below = e.p.kind === "below";
        var inside = below ? at > scale.low : at < scale.high; // at the edge the arrow ends where inside it begins
        return { value: [e.i, at], symbolRotate: below ? 0 : 180, symbolOffset: [0, below === inside ? "50%" : "-50%"] };
      }),
    };
  }

  function errorBars(points, f, scale) {
    return {
      type: "custom", silent: true, z: 5, clip: true, tooltip: { show: false },
      data: points.map(function (p, i) { return { p: p, i: i }; })
        .filter(function (e) { return e.p.U !== null && e.p.signal && !outside(e.p.value, scale); })
        .map(function (e) { return [e.i, Math.max(e.p.value - e.p.U, scale.low), Math.min(e.p.value + e.p.U, scale.high)]; }),
      encode: { x: 0, y: [1, 2] },
      renderItem: function (_, api) {
        var low = api.coord([api.value(0), api.value(1)]), high = api.coord([api.value(0), api.value(2)]);
        var cap = clamp(f.slot * 0.2, 0, 3), style = { stroke: f.labelled ? INK : "#9aa5af", lineWidth: clamp(f.slot * 0.2, 0.4, 1) };
        return { type: "path", style: Object.assign({ fill: "none" }, style), shape: { pathData: whisker(low, high, cap) } };
      },
    };
  }

  function whisker(low, high, cap) {
    var path = "M" + low[0] + "," + low[1] + "L" + high[0] + "," + high[1];
    [low, high].forEach(function (end) {
      path += "M" + (end[0] - cap) + "," + end[1] + "L" + (end[0] + cap) + "," + end[1];
    });
    return path;
  }

  function bands(data) {
    var x = data.assigned.value, U = data.assigned.U;
    return {
      type: "line", data: [], silent: true,
      markArea: { silent: true, itemStyle: { color: BAND }, data: U ? [[{ yAxis: x - U }, { yAxis: x + U }]] : [] },
    };
  }

  function bandLines(data) {
    var x = data.assigned.value, s = data.sigma;
    return [{ at: x, type: "solid", colour: BLUE, width: 1.6, text: "x(pt)" }].concat([2, -2, 3, -3].map(function (k) {
      return { at: x + k * s, type: Math.abs(k) === 2 ? "dashed" : "solid", text: (k < 0 ? "−" : "+") + Math.abs(k) + "σ" };
    }));
  }

  /* ---- scores of one laboratory over rounds ----------------------------------------------------------------- */

  var GROUPS = [
    { colour: BLUE, symbol: "circle" }, { colour: "#a65e00", symbol: "rect" }, { colour: "#3d7a5f", symbol: "triangle" },
    { colour: "#7a3d70", symbol: "diamond" }, { colour: GREY, symbol: "emptyCircle" },
  ];

  function controlChart(data, lang, opts) {
    opts = opts || {};
    var points = data.points;
    var f = frame(points.map(function (p) { return { text: p.label, own: false }; }), lang, opts, data, 1);
    var most = points.reduce(function (m, p) { return Math.max(m, Math.abs(p.score)); }, 0);
    var limit = most > CUT ? CUT + 1 : Math.max(4, Math.ceil(most + 0.5));
    f.option.yAxis = {
      type: "value", min: -limit, max: limit, interval: 1, name: f.say("score", "比分数"), nameLocation: "middle", nameGap: 30,
      nameTextStyle: { color: INK, fontSize: 12 }, splitLine: { lineStyle: { color: RULE } },
      axisLabel: { color: GREY, fontSize: 10, formatter: function (v) { return Math.abs(v) > CUT ? "" : number(v, 0); } },
    };
    f.option.series = data.groups.map(function (group, i) { return run(group, GROUPS[i % GROUPS.length], points, opts); })
      .concat([cutArrows(points, f), lines([
        { at: 2, type: "dashed" }, { at: -2, type: "dashed" }, { at: 3, type: "solid" }, { at: -3, type: "solid" },
        { at: 0, type: "solid", colour: INK },
      ])]);
    f.option.legend.data = data.groups;
    f.option.legend.show = data.groups.length > 1;
    f.option.tooltip = opts.print ? { show: false } : tooltip(function (i) {
      var p = points[i];
      return [p.label + "  " + p.day, number(p.score, 2) + "  " + SIGNALS[p.signal].letter].concat(data.groups.length > 1 ? [p.group] : []);
    });
    return f.option;
  }

  function run(group, look, points, opts) {
    return {
      name: group, type: "line", connectNulls: true, symbol: look.symbol, symbolSize: 9, z: 6,
      itemStyle: { color: look.colour }, lineStyle: { color: look.colour, width: 1.4 }, emphasis: { disabled: Boolean(opts.print) },
      data: points.map(function (p) {
        if (p.group !== group) return null;
        return {
          value: clamp(p.score, -CUT, CUT),
          label: {
            show: p.signal !== "acceptable", position: beyond(p.score), color: INK, fontSize: 10, fontWeight: 700,
            formatter: SIGNALS[p.signal].letter + " " + number(p.score, 2),
          },
        };
      }),
    };
  }

  root.ZhunshengCharts = { zScores: zScores, resultBars: resultBars, controlChart: controlChart };
})(typeof globalThis !== "undefined" ? globalThis : this);
