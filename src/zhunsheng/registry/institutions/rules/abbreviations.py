"""A name as it is when shortened: simplified characters, without the form of the company, without the places above it; pure."""

import re
from collections.abc import Sequence

_TRADITIONAL = (
    "倫偉備傳傷價儀億優內創劃劑動務勞區協員啟單嚴國圖團報場塊塗墊壓壩壯壽夢奧婦嬰孫學實寧審寫寶將專尋對導"
    "層屬岡島峽嶺嶽帶幫幹庫廠廣廬廳強彈彙從復恆慮慶應懷戰戶掃採揀揚換損搶撫擔據擬擴攝數斷於時晉曉曠書會東"
    "條業極構槍樂樑樓標樣樹橋機橫檢權歐歲歷歸殘殺氣氫淨測準溝溫滅滬滲滿漁漢漲漸潔潤濃濕濟濰濱瀋灘灣災烏無"
    "煙熱燈營爐爭爾牆獎獨獲獸現瑪環產畫異當療發盜監盤眾睜磚礎礦禍禮稅種穀穩窮竊競筆筍節範築簡籃籌糧糾紀紅"
    "紋納紐純紙級紡細紹終組結絕絞絡給統絲經綜綠維綱網綿線緣編緯縣縱總績織繩繼續罰羅義聖聞聯聲職聽腦腫膠臉"
    "臟臨臺與興舉舊艙華蓋蔣蕪薩藍藝藥蘇蘊蘭處號蟲術衛衝衞補裝裡製複見規視親覺覽觀觸訂計訊託記訪設許評詢試"
    "該詳認誠誤說課調談請論諮謀謙謝謹證識譯議護讀變讓豐豬貓貝負財貢貧貨販貫責貯貴買貸費貼貿賀資賓賞賠賣質"
    "賴購賽贈贛趙躍車軍軟軸較載輔輕輛輝輪輯輸轄轉辦農連進運達遙遠適遲遷選遼邊郵鄉鄧鄭鄰醫醬釀釋針鈉鈣鈴鈷"
    "鉀鉛銀銅銷鋁鋅鋪鋰鋼錄錦錫錳錶鍋鍵鍾鎖鎢鎮鎳鏡鐘鐵鑄鑑鑒鑽長門閉開間閘閣閩閱闊關陝陣陰陳陸陽隊階際隨"
    "隱雙雜雞離難雲電靈靜韋韓響頁頂項順須預頓領頭題額顏願顯風飛飯飲飼飾餅養餘館饒馬駐騰驅驗驛髒體鬆鬧魚魯"
    "鮑鮮鯉鱉鳥鳳鴻鵬鹵鹹鹽麗麥麵黃點齊齒齡龍龐龜"
)
_SIMPLIFIED = (
    "伦伟备传伤价仪亿优内创划剂动务劳区协员启单严国图团报场块涂垫压坝壮寿梦奥妇婴孙学实宁审写宝将专寻对导"
    "层属冈岛峡岭岳带帮干库厂广庐厅强弹汇从复恒虑庆应怀战户扫采拣扬换损抢抚担据拟扩摄数断于时晋晓旷书会东"
    "条业极构枪乐梁楼标样树桥机横检权欧岁历归残杀气氢净测准沟温灭沪渗满渔汉涨渐洁润浓湿济潍滨沈滩湾灾乌无"
    "烟热灯营炉争尔墙奖独获兽现玛环产画异当疗发盗监盘众睁砖础矿祸礼税种谷稳穷窃竞笔笋节范筑简篮筹粮纠纪红"
    "纹纳纽纯纸级纺细绍终组结绝绞络给统丝经综绿维纲网绵线缘编纬县纵总绩织绳继续罚罗义圣闻联声职听脑肿胶脸"
    "脏临台与兴举旧舱华盖蒋芜萨蓝艺药苏蕴兰处号虫术卫冲卫补装里制复见规视亲觉览观触订计讯托记访设许评询试"
    "该详认诚误说课调谈请论咨谋谦谢谨证识译议护读变让丰猪猫贝负财贡贫货贩贯责贮贵买贷费贴贸贺资宾赏赔卖质"
    "赖购赛赠赣赵跃车军软轴较载辅轻辆辉轮辑输辖转办农连进运达遥远适迟迁选辽边邮乡邓郑邻医酱酿释针钠钙铃钴"
    "钾铅银铜销铝锌铺锂钢录锦锡锰表锅键钟锁钨镇镍镜钟铁铸鉴鉴钻长门闭开间闸阁闽阅阔关陕阵阴陈陆阳队阶际随"
    "隐双杂鸡离难云电灵静韦韩响页顶项顺须预顿领头题额颜愿显风飞饭饮饲饰饼养余馆饶马驻腾驱验驿脏体松闹鱼鲁"
    "鲍鲜鲤鳖鸟凤鸿鹏卤咸盐丽麦面黄点齐齿龄龙庞龟"
)
_TO_SIMPLIFIED = str.maketrans(_TRADITIONAL, _SIMPLIFIED)
_COMPANY = re.compile(r"(?:股份有限公司|有限责任公司|有限公司|公司)")
_SHORTER = {"检验检测": "检测", "检测检验": "检测", "疾病预防控制": "疾控"}
_KINDS_OF_PLACE = ("自治州", "自治县", "自治旗", "特别行政区", "自治区", "地区", "省", "市", "区", "县", "盟", "旗")
LEAST = 4
"""Characters that a shortened name has at least: 检测中心 alone says which kind of house it is, not which one."""


def simplified(text: str) -> str:
    """Text in simplified characters, those that occur in names of institutions and places; others stay as they are."""
    return text.translate(_TO_SIMPLIFIED)


def abbreviated(key: str, above: Sequence[str], county: Sequence[str], now: str) -> str:
    """A comparison key as it is when shortened; empty where too little would be left.

    `above` are the short names that province and prefecture ever bore, `county` those of the county, `now` its name of today:
    浙江省杭州市余杭区检验检测中心 and 余杭检测中心 are 余杭检测中心 both.
    """
    rest = key
    while (place := _beginning(rest, above)) and len(rest) > len(place):
        rest = rest[len(place) :]
    if place := _beginning(rest, county):
        rest = now + rest[len(place) :]
    elif place := _beginning(key, county):  # the county bears the name of what lies above it
        rest = now + key[len(place) :]
    for long, short in _SHORTER.items():
        rest = rest.replace(long, short)
    rest = _COMPANY.sub("", rest)
    return rest if len(rest) >= LEAST else ""


def _beginning(text: str, places: Sequence[str]) -> str:
    """The longest place, with the word for its kind, with which a text begins; empty if it begins with none."""
    return max(
        (place + kind for place in places for kind in (*_KINDS_OF_PLACE, "") if text.startswith(place + kind)),
        key=len,
        default="",
    )
