"""The screen (凭数据说话): logs of reports, instruments and people, looked through for what a person should ask about.

Needs the registers as they stood on the days of the acts, the rulebook for the articles of those days, and what `faces` hands
over of suspended items. It leaves suspicions: questions with the rows behind them and the innocent explanations beside them. A
person settles each one, as explained or as taken up; nothing follows from a suspicion by itself, and it is no evidence.
"""
