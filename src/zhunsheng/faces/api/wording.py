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
    "get /rounds/{pk}/results": t(
        "What a round asks of your laboratory, and what was entered so far.",
        "查询轮次要求本室上报的内容及已填报的结果。",
    ),
    "post /rounds/{pk}/results": t(
        "Keep results as a draft; two people submit and approve it on the pages.",
        "将结果保存为草稿，提交和审核在页面上由两人完成。",
    ),
    "get /rules": t("All rules in force on a day.", "查询某日现行有效的全部规则。"),
    "get /rules/versions": t("Every version of every regulation.", "查询各法规的全部版本。"),
    "get /rules/{regulation}": t("One regulation with its articles on a day.", "查询一部法规及其某日的条款。"),
    "get /equipment": t("Instruments and whether each is in date on a day.", "查询设备及其某日的检定校准状态。"),
    "get /equipment/{pk}": t("One instrument with its calibrations.", "查询一台设备及其检定校准记录。"),
    "get /people": t(
        "Who holds a post on a day, and for which fields each may sign.", "查询某日在岗人员及其授权签字领域。"
    ),
    "get /people/{pk}": t("One person on a day.", "查询某日一名人员的任职和授权。"),
    "get /stock-takings": t("The stock-takings that concern you.", "查询与您有关的摸底。"),
    "get /stock-takings/{pk}": t(
        "One stock-taking; with its totals for the authority that called.", "查询一次摸底；发起部门可查看汇总。"
    ),
    "get /returns": t("Returns that you may see.", "查询您可查看的填报。"),
    "get /returns/{pk}": t("One return with every point as confirmed.", "查询一份填报及确认时的各项核对结果。"),
    "get /lived-rules": t(
        "Lived rules of the laboratories within reach, for regulators.", "监管人员查询辖区内机构的制度落实情况。"
    ),
    "get /institutions/{pk}/lived-rules": t(
        "What a year's rules ask of one laboratory, and what was made.", "查询一个机构某年度的制度落实情况。"
    ),
    "get /risk-classes": t(
        "Risk classes of the laboratories within reach on a day, for regulators.",
        "监管人员查询辖区内机构某日的信用风险类别。",
    ),
    "get /institutions/{pk}/risk-classes": t("The risk classes of one laboratory.", "查询一个机构的信用风险类别。"),
    "get /coverage": t(
        "Which items no laboratory is near for, and which are crowded; for regulators.",
        "监管人员查询检测能力的空白与集中情况。",
    ),
    "get /standards-watch": t(
        "Standards that change, and how many scope lines each change touches.", "查询标准变更及其涉及的能力范围项目数。"
    ),
    "get /findings/duplicates": t(
        "Pairs of entries that may be one institution; for regulators.", "监管人员查询疑似重复的机构登记。"
    ),
    "get /findings/people": t(
        "People with posts in two institutions at once; for regulators.", "监管人员查询同时在两家机构任职的人员。"
    ),
    "get /findings/serials": t(
        "Serial numbers that two institutions have; for regulators.", "监管人员查询出现在两家机构的出厂编号。"
    ),
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
    "stocktaking": t("id of a stock-taking", "摸底编号"),
    "state": t("only those that stand so; empty for any", "状态，留空表示不限"),
    "year": t("year whose periods are asked about; this year if left out", "所问年度，默认为本年"),
    "letter": t("class A to D; empty for any", "类别 A 至 D，留空表示不限"),
    "field": t("code of a field of the catalogue", "领域代码"),
    "regulation": t("key of a regulation", "法规标识"),
    "first": t("first day of the period", "起始日期"),
    "last": t("last day of the period", "截止日期"),
    "count": t("how many working days, −250 to 250", "工作日数，-250 至 250"),
}
