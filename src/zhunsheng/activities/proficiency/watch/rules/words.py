"""The words of the tests: what each looks at, what a hit says, what an honest laboratory may answer, how often it errs."""

from collections.abc import Mapping
from dataclasses import dataclass

from zhunsheng.foundation.bilingual import Text, t


@dataclass(frozen=True, slots=True)
class Test:
    """One test. error: false alarms as measured on honest data (docs/engine, forensic sizes)."""

    name: Text
    looks: Text
    says: Text
    columns: tuple[Text, ...]
    innocent: tuple[Text, ...]
    error: Text

    __test__ = False


_ITEM = t("Measurand", "被测量")
_PRECISE = t("an exceptionally precise method, instrument or automaton", "方法、仪器或自动化设备的精密度确实很高")

TESTS: Mapping[str, Test] = {
    "T3": Test(
        t("Copied results", "结果雷同"),
        t("Every pair of laboratories: are their results equal, or near, more often than repeatability allows?",
          "逐对比较实验室：结果相同或接近的程度是否超出重复性所允许的范围？"),
        t("{s} % of the common items agree to the last digit; p = {p}", "共同样品中 {s}% 的结果末位数字完全一致；p = {p}"),
        (_ITEM, t("First", "甲"), t("Second", "乙"), t("Equal", "相同")),
        (
            t("both belong to one owner, or one subcontracted to the other and said so", "两家同属一个法人，或已声明分包关系"),
            t("the same instrument software rounds in the same way", "使用同一仪器软件，修约方式相同"),
            t("sub-samples of one bottle were measured together", "同一瓶样品的子样一并检测"),
        ),
        t("In honest groups of 60 laboratories some pair is named in 0 to 7 of 100 rounds.",
          "60 家诚实实验室参加时，每 100 轮中有 0～7 轮会误报某一对。"),
    ),
    "T4": Test(
        t("Replicates that agree too well", "重复测定过于一致"),
        t("Each laboratory: is the variance of its replicates far below that of the others?",
          "逐家检查：重复测定的方差是否远小于其他实验室？"),
        t("variance {e} times the median of all; p = {p}", "方差为全体中位数的 {e} 倍；p = {p}"),
        (_ITEM, t("Replicates", "重复测定值"), t("Standard deviation", "标准差"), t("s_r of all", "全体 s_r")),
        (
            _PRECISE,
            t("results were rounded more coarsely than they spread", "修约间隔大于实际离散"),
            t("means of several determinations were reported as single results", "以多次测定的平均值作为单次结果上报"),
        ),
        t("Among 200 honest laboratories somebody is named in at most 5 of 100 rounds.",
          "200 家诚实实验室参加时，每 100 轮中至多 5 轮会误报。"),
    ),
    "T4b": Test(
        t("Differences that are too equal", "平行差过于均匀"),
        t("Each laboratory with at least 15 duplicates: do their differences vary as random error does?",
          "有 15 组以上双平行结果的实验室：平行差的变化是否符合随机误差？"),
        t("mean|d|/rms(d) is {e} times what random error gives; p = {p}", "mean|d|/rms(d) 为随机误差预期的 {e} 倍；p = {p}"),
        (_ITEM, t("Replicates", "重复测定值"), t("Standard deviation", "标准差"), t("s_r of all", "全体 s_r")),
        (
            t("the error of the instrument is rectangular: a digital display, a burette read to a drop",
              "仪器误差呈均匀分布，如数字显示或滴定管逐滴读数"),
            t("replicates were repeated until they agreed, under a written rule", "按书面规定重做至平行差合格"),
            t("the replicates are readings of one preparation", "重复值为同一份制备液的多次读数"),
        ),
        t("Expected share of false ones among those named: 5 %.", "所列实验室中误报的预期比例为 5%。"),
    ),
    "T5": Test(
        t("Scores too good over rounds", "历轮比分数过好"),
        t("Each laboratory with at least 8 scores: do they lie closer to zero than those of the others?",
          "有 8 个以上比分数的实验室：比分数是否比其他实验室更接近于零？"),
        t("mean z² is {e} times the median of all; p = {p}", "z² 的平均值为全体中位数的 {e} 倍；p = {p}"),
        (t("z, round after round", "历轮 z 比分数"),),
        (
            _PRECISE,
            t("means of many determinations were reported; its own quality control tells",
              "上报了多次测定的平均值，可对照其质量控制数据"),
        ),
        t("Among 200 honest laboratories somebody is named in at most 1 of 100 rounds.",
          "200 家诚实实验室参加时，每 100 轮中至多 1 轮会误报。"),
    ),
}  # fmt: skip

ENOUGH = t("{n} laboratories; the test takes {a} to {b}.", "共 {n} 家实验室；该检验适用于 {a}～{b} 家。")
GATES: Mapping[str, Text] = {
    "s_r": t("No replicates, or steps coarser than repeatability: how far honest results differ is not known.",
             "无重复测定，或修约间隔大于重复性标准差，无法判断正常差异。"),
    "items": t("{n} measurands with known repeatability; the test needs {m}.", "已知重复性的被测量有 {n} 个；该检验至少需要 {m} 个。"),
    "pairs": t("Too few pairs of laboratories have enough measurands in common.", "共同被测量足够多的实验室对数不足。"),
    "df": t("{n} laboratories with {d} degrees of freedom from replicates; the test needs {m}.",
            "重复测定自由度达到 {d} 的实验室有 {n} 家；该检验至少需要 {m} 家。"),
    "peers": t("The laboratories spread too little to compare with.", "实验室间差异过小，无从比较。"),
    "duplicates": t("No laboratory reported {m} duplicates finer than their spread.",
                    "没有实验室上报 {m} 组以上且修约足够细的双平行结果。"),
    "scores": t("{n} laboratories with {k} scores over the rounds; the test needs {m}.",
                "历轮比分数达到 {k} 个的实验室有 {n} 家；该检验至少需要 {m} 家。"),
}  # fmt: skip
"""Why a test was not applied."""
