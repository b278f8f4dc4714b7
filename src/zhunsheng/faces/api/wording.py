"""What the endpoints and the parts of questions are, in both languages."""

from collections.abc import Mapping

from zhunsheng.foundation.bilingual import Text, t

SUMMARIES: Mapping[str, Text] = {
    "get /institutions": t("Look up institutions.", "查询机构。"),
    "get /institutions/{pk}": t(
        "One institution with its sites and certificates on a day.", "查询某日一个机构的场所和证书。"
    ),
    "get /scopes": t(
        "Who may test what: scope lines as of a day, as known when a day ended.",
        "查询能力范围：某日的状态，以及截至某日所知的情况。",
    ),
    "get /parameters": t("Parameters of the catalogue.", "查询参数目录。"),
    "get /matrices": t("Matrices of the catalogue.", "查询基质目录。"),
    "get /methods": t("Methods of the catalogue.", "查询方法目录。"),
    "get /standards": t(
        "Standards with the state they had on a day, as known when a day ended.",
        "查询标准在某日的状态，以及截至某日所知的情况。",
    ),
    "get /regions": t("Regions on a day.", "查询某日的行政区划。"),
    "get /regions/{code}": t("The region that bore a code.", "查询行政区划代码对应的区划。"),
    "get /substances": t("Non-food substances and the methods for them.", "查询非食用物质及其检测方法。"),
    "get /near": t(
        "Laboratories near a place that can test a parameter on a day.", "查询某日某地附近能检测某参数的实验室。"
    ),
    "get /working-days": t("Count working days, make-up days included.", "计算工作日（含调休）。"),
    "get /institutions/{pk}/capability": t(
        "All that is known on a day about whether an institution can determine a parameter in a matrix.",
        "查询某日一个机构对某基质中某参数的检测能力。",
    ),
    "get /evidence": t("The lines of evidence that you may see.", "查询您可查看的证据。"),
    "post /eligibility": t(
        "Ask whether a laboratory may be the subcontractor; for regulators. The answer is kept.",
        "监管人员查询实验室能否承担分包，答复将存档。",
    ),
    "get /eligibility/{pk}": t("An answer that your authority was given.", "查询本部门得到的答复。"),
}
"""By method and path."""

PARAMETERS: Mapping[str, Text] = {
    "q": t("words to look for", "查询词"),
    "region": t("code of a region (GB/T 2260); finds what lies within it", "行政区划代码，查询其辖区内的内容"),
    "kind": t("kind of institution", "机构类别"),
    "certificate": t("state of the certificates on the day", "当日证书状态"),
    "on": t("the day asked about; today if left out", "所问日期，默认为当日"),
    "known_on": t("as known when this day ended; today if left out", "截至该日所知，默认为当日"),
    "cursor": t("“next” of the page before", "上一页返回的 “next”"),
    "limit": t("how many at most", "最多返回条数"),
    "km": t("distance in kilometres, 1 to 2000", "距离（千米），1 至 2000"),
    "pk": t("id of the thing", "编号"),
    "parameter": t("code of a parameter", "参数代码"),
    "matrix": t("code of a matrix; finds what lies within it", "基质代码，包含其下级"),
    "method": t("number of a method", "方法编号"),
    "institution": t("id of an institution", "机构编号"),
    "status": t("stored status of a scope line; empty for any", "能力范围状态，留空表示不限"),
    "parent": t("code of the region above", "上级行政区划代码"),
    "code": t("six digits", "六位代码"),
    "start": t("the day of the act", "行为发生之日"),
    "count": t("how many working days, −250 to 250", "工作日数，-250 至 250"),
}
