"""English names: toneless pinyin with the usual words for the kinds of region; the official spelling where it is another."""

from __future__ import annotations

import csv
from pathlib import Path

from pypinyin import Style, lazy_pinyin, load_phrases_dict, load_single_dict

HERE = Path(__file__).parent
ENDINGS = [
    ("特别行政区", "Special Administrative Region"), ("维吾尔自治区", "Uygur Autonomous Region"),
    ("自治区", "Autonomous Region"), ("自治州", "Autonomous Prefecture"), ("自治县", "Autonomous County"),
    ("自治旗", "Autonomous Banner"), ("地区", "Prefecture"), ("行政区", "Administrative Area"),
    ("特区", "Special District"), ("矿区", "Mining District"), ("新区", "New Area"), ("省", ""), ("市", ""), ("县", "County"),
    ("区", "District"), ("旗", "Banner"), ("盟", "League"), ("州", "Prefecture"), ("镇", "Town"), ("群岛", "Islands"),
]  # fmt: skip
SIDES = {"左翼前旗": "Left Front", "左翼中旗": "Left Middle", "左翼后旗": "Left Rear", "右翼前旗": "Right Front",
         "右翼中旗": "Right Middle", "右翼后旗": "Right Rear", "左旗": "Left", "右旗": "Right", "前旗": "Front",
         "中旗": "Middle", "后旗": "Rear", "联合旗": "United"}  # fmt: skip
PEOPLES = {
    "蒙古族": "Mongol", "蒙古": "Mongol", "回族": "Hui", "藏族": "Tibetan", "维吾尔": "Uygur", "苗族": "Miao", "彝族": "Yi",
    "壮族": "Zhuang", "布依族": "Buyei", "朝鲜族": "Korean", "满族": "Manchu", "侗族": "Dong", "瑶族": "Yao", "白族": "Bai",
    "土家族": "Tujia", "哈尼族": "Hani", "哈萨克族": "Kazak", "哈萨克": "Kazak", "傣族": "Dai", "黎族": "Li",
    "傈僳族": "Lisu", "佤族": "Va", "畲族": "She", "拉祜族": "Lahu", "水族": "Sui", "东乡族": "Dongxiang",
    "纳西族": "Naxi", "景颇族": "Jingpo", "柯尔克孜": "Kirgiz", "土族": "Tu", "达斡尔族": "Daur", "达斡尔": "Daur",
    "仫佬族": "Mulao", "羌族": "Qiang", "布朗族": "Blang", "撒拉族": "Salar", "毛南族": "Maonan", "仡佬族": "Gelao",
    "锡伯族": "Xibe", "锡伯": "Xibe", "阿昌族": "Achang", "普米族": "Pumi", "塔吉克": "Tajik", "怒族": "Nu",
    "保安族": "Bonan", "独龙族": "Derung", "鄂温克族": "Ewenki", "鄂伦春": "Oroqen", "裕固族": "Yugur", "德昂族": "Deang",
    "高山族": "Gaoshan", "京族": "Gin", "赫哲族": "Hezhe", "基诺族": "Jino", "珞巴族": "Lhoba", "门巴族": "Monba",
    "毛难族": "Maonan",
}  # fmt: skip
READINGS = {
    "重庆": "chong qing", "厦门": "xia men", "六安": "lu an", "六合": "lu he", "东阿": "dong e", "阿城": "a cheng",
    "单县": "shan xian", "繁峙": "fan shi", "洪洞": "hong tong", "莘县": "shen xian", "乐亭": "lao ting",
    "乐陵": "lao ling", "乐清": "yue qing", "乐山": "le shan", "乐平": "le ping", "长子": "zhang zi",
    "尉犁": "yu li", "尉氏": "wei shi", "浚县": "xun xian", "隰县": "xi xian", "枞阳": "zong yang", "黟县": "yi xian",
    "歙县": "she xian", "盱眙": "xu yi", "邗江": "han jiang", "台州": "tai zhou", "天台": "tian tai", "丽水": "li shui",
    "溧水": "li shui", "鄞州": "yin zhou", "鄞县": "yin xian", "番禺": "pan yu", "铅山": "yan shan", "婺源": "wu yuan",
    "大埔": "da bu", "黄埔": "huang pu", "东莞": "dong guan", "莞": "guan", "井陉": "jing xing", "蔚县": "yu xian",
    "涿州": "zhuo zhou", "涿鹿": "zhuo lu", "任县": "ren xian", "任丘": "ren qiu", "任泽": "ren ze", "大城": "dai cheng",
    "行唐": "xing tang", "朝阳": "chao yang", "朝天": "chao tian", "会理": "hui li", "会东": "hui dong",
    "会稽": "kuai ji", "珲春": "hun chun", "桦甸": "hua dian", "安图": "an tu", "筠连": "jun lian", "犍为": "qian wei",
    "郫": "pi", "邛崃": "qiong lai", "什邡": "shi fang", "石柱": "shi zhu", "綦江": "qi jiang", "涪陵": "fu ling",
    "北碚": "bei bei", "枝江": "zhi jiang", "秭归": "zi gui", "监利": "jian li", "郧": "yun", "蕲春": "qi chun",
    "黄陂": "huang pi", "硚口": "qiao kou", "洪山": "hong shan", "耒阳": "lei yang", "郴州": "chen zhou",
    "漯河": "luo he", "闵行": "min hang", "曾都": "zeng du", "南乐": "nan le", "民乐": "min le", "三都": "san du", "乐都": "le du",
    "长沙": "chang sha", "长安": "chang an", "长春": "chang chun", "长治": "chang zhi", "长乐": "chang le",
    "百色": "bai se", "那坡": "na po", "邕宁": "yong ning", "扶绥": "fu sui", "崆峒": "kong tong", "泾": "jing",
    "宕昌": "tan chang", "岷县": "min xian", "临洮": "lin tao", "洮南": "tao nan", "吴堡": "wu bu", "佳县": "jia xian",
    "鄠邑": "hu yi", "户县": "hu xian", "柞水": "zha shui", "栎阳": "yue yang", "盩厔": "zhou zhi", "周至": "zhou zhi",
    "勉县": "mian xian", "略阳": "lue yang", "汤阴": "tang yin", "渑池": "mian chi", "荥阳": "xing yang",
    "荥经": "ying jing", "中牟": "zhong mu", "宁陵": "ning ling", "泌阳": "bi yang", "沁阳": "qin yang", "睢县": "sui xian",
    "睢阳": "sui yang", "濉溪": "sui xi", "柘城": "zhe cheng", "瀍河": "chan he", "嵩县": "song xian", "栾川": "luan chuan",
    "鄄城": "juan cheng", "郯城": "tan cheng", "莒": "ju", "费县": "fei xian", "茌平": "chi ping", "临朐": "lin qu",
    "无棣": "wu di", "兖州": "yan zhou", "泗": "si", "亳州": "bo zhou", "谯城": "qiao cheng", "蚌埠": "beng bu",
    "砀山": "dang shan", "泾县": "jing xian", "绩溪": "ji xi", "弋江": "yi jiang", "弋阳": "yi yang", "鄱阳": "po yang",
    "阆中": "lang zhong", "阜": "fu", "藁城": "gao cheng", "蠡县": "li xian", "曲阳": "qu yang", "曲阜": "qu fu",
    "阳曲": "yang qu", "曲周": "qu zhou", "曲靖": "qu jing", "曲江": "qu jiang", "石家庄": "shi jia zhuang",
    "解州": "hai zhou", "万荣": "wan rong", "交城": "jiao cheng", "翼城": "yi cheng", "襄汾": "xiang fen",
    "辽中": "liao zhong", "于洪": "yu hong", "调兵山": "diao bing shan", "铁力": "tie li", "桦南": "hua nan",
    "密山": "mi shan", "穆棱": "mu ling", "讷河": "ne he", "通河": "tong he", "巴彦": "ba yan", "北戴河": "bei dai he",
    "参": "shen", "都匀": "du yun", "都江堰": "du jiang yan", "宜都": "yi du", "于都": "yu du", "丰都": "feng du",
    "都昌": "du chang", "花都": "hua du", "成都": "cheng du", "新都": "xin du", "都兰": "du lan", "昌都": "chang du",
    "都安": "du an", "望都": "wang du", "德都": "de du", "武都": "wu du", "益都": "yi du", "襄都": "xiang du",
    "于田": "yu tian", "和田": "he tian", "和硕": "he shuo", "和静": "he jing", "和县": "he xian", "和顺": "he shun",
    "和平": "he ping", "和龙": "he long", "和政": "he zheng", "和布克": "he bu ke", "车": "che", "尚义": "shang yi",
    "侯马": "hou ma", "闽侯": "min hou", "长汀": "chang ting", "莆田": "pu tian", "仙游": "xian you",
    "南漳": "nan zhang", "漳州": "zhang zhou", "大方": "da fang", "大洼": "da wa", "大余": "da yu", "万": "wan",
    "宿州": "su zhou", "宿迁": "su qian", "宿豫": "su yu", "宿城": "su cheng", "宿松": "su song", "宿县": "su xian",
    "应县": "ying xian", "应城": "ying cheng", "句容": "ju rong", "江都": "jiang du", "新和": "xin he", "泰和": "tai he",
    "太和": "tai he", "南和": "nan he", "平和": "ping he", "政和": "zheng he", "东乡": "dong xiang", "覃塘": "qin tang",
    "儋": "dan", "区": "qu", "相城": "xiang cheng", "相山": "xiang shan", "卓资": "zhuo zi", "五华": "wu hua",
    "盘州": "pan zhou", "屏山": "ping shan", "屏边": "ping bian", "屏南": "ping nan", "开阳": "kai yang",
    "思茅": "si mao", "巴州": "ba zhou", "白云": "bai yun", "召陵": "shao ling", "尖扎": "jian zha", "扎": "zha",
    "察": "cha", "葛": "ge", "长葛": "chang ge", "孟津": "meng jin", "盖州": "gai zhou", "盖县": "gai xian",
    "陆": "lu", "石渠": "shi qu", "色达": "se da", "炉霍": "lu huo", "得荣": "de rong", "理塘": "li tang",
    "仡": "ge", "洞口": "dong kou", "会同": "hui tong", "会昌": "hui chang", "会宁": "hui ning", "会泽": "hui ze",
    "种": "zhong", "石": "shi", "吐鲁番": "tu lu fan", "贾汪": "jia wang", "贾": "jia", "华蓥": "hua ying",
    "华县": "hua xian", "华州": "hua zhou", "华阴": "hua yin", "卫滨": "wei bin", "呼玛": "hu ma", "祭": "ji",
    "秘": "mi", "广": "guang", "厂": "chang", "大厂": "da chang", "虎门": "hu men", "桥": "qiao", "硖": "xia",
    "绿春": "lv chun", "闾": "lv", "旅顺口": "lv shun kou", "吕梁": "lv liang", "吕": "lv", "绿园": "lv yuan",
    "榆": "yu", "女": "nv", "略": "lue", "余": "yu", "佘": "she",
}  # fmt: skip
SINGLE = {"长": "cháng", "都": "dū", "漯": "luò", "曲": "qū", "会": "huì", "行": "xíng", "乐": "lè", "重": "chóng"}
load_single_dict({ord(character): said for character, said in SINGLE.items()})
load_phrases_dict({word: [[syllable] for syllable in said.split()] for word, said in READINGS.items()})


def official() -> dict[str, str]:
    """Names that have an official or customary spelling: with the code before them, or alone."""
    with (HERE / "names.csv").open(encoding="utf-8", newline="") as file:
        return {row["name_zh"]: row["name_en"] for row in csv.DictReader(file)}


def english(name: str, spelled: dict[str, str]) -> str:
    """恩施土家族苗族自治州 → Enshi Tujia and Miao Autonomous Prefecture; 西湖区 → Xihu District."""
    if name in spelled:
        return spelled[name]
    ending, words = next(((e, w) for e, w in ENDINGS if name.endswith(e) and len(name) > len(e)), ("", ""))
    rest = name.removesuffix(ending)
    if words.startswith("Autonomous"):
        rest, peoples = without_peoples(rest)
        words = " ".join(filter(None, (listed(peoples), words)))
    if ending == "旗":
        side = next((s for s in SIDES if name.endswith(s)), "")
        rest, words = (name.removesuffix(side), f"{SIDES[side]} Banner") if side and name != side else (rest, words)
    if len(rest) == 1 and ending in ("县", "区", "市"):
        return " ".join(filter(None, (pinyin(rest + ending), words)))  # 忠县 Zhongxian County, as it is said
    return " ".join(filter(None, (spelled.get(rest) or pinyin(rest), words)))


def without_peoples(rest: str) -> tuple[str, list[str]]:
    """A name and the peoples at its end, in order."""
    peoples: list[str] = []
    while people := next((p for p in sorted(PEOPLES, key=len, reverse=True) if rest.endswith(p) and rest != p), None):
        rest, peoples = rest.removesuffix(people), [PEOPLES[people], *peoples]
    rest = rest.removesuffix("各族")
    return rest, peoples


def listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1] if words else ""


def pinyin(name: str) -> str:
    """One word, with an apostrophe where a syllable begins with a vowel (Xi'an); ü is written u but in lü, nü."""
    syllables = [s.replace("ü", "v") for s in lazy_pinyin(name, style=Style.NORMAL, v_to_u=False)]
    said = "".join(("'" if i and s[0] in "aoe" else "") + s for i, s in enumerate(syllables))
    return said.replace("v", "ü").capitalize()
