"""The vocabulary of the made-up network: fields, what is tested in what, by which methods."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """A field of testing: its share of institutions (per mille, as in the 2023 statistics), its words, its matrices."""

    code: str
    cma: str
    """two digits of the field in a CMA number"""
    share: int
    zh: str
    en: str
    matrices: tuple[tuple[str, str], ...]
    families: tuple[str, ...]
    prefix: str
    """of the standards used"""


FIELDS = (
    Field("food", "00", 130, "食品", "Food", (
        ("乳及乳制品", "Milk and milk products"), ("肉及肉制品", "Meat and meat products"), ("水产品", "Aquatic products"),
        ("粮食及制品", "Cereals and cereal products"), ("蔬菜", "Vegetables"), ("水果", "Fruits"), ("食用油", "Edible oils"),
        ("茶叶", "Tea"), ("调味品", "Condiments"), ("饮料", "Beverages"), ("糕点", "Pastries"), ("蜂蜜", "Honey"),
        ("酒类", "Alcoholic drinks"), ("婴幼儿配方食品", "Infant formula"), ("豆制品", "Soy products"), ("饲料", "Feed"),
    ), ("elements", "residues", "additives", "contaminants", "nutrients", "microbes"), "GB 5009"),
    Field("environment", "12", 170, "环境", "Environment", (
        ("地表水", "Surface water"), ("废水", "Waste water"), ("环境空气", "Ambient air"), ("废气", "Waste gas"),
        ("土壤", "Soil"), ("固体废物", "Solid waste"), ("沉积物", "Sediment"), ("噪声", "Noise"),
    ), ("elements", "contaminants", "physical"), "HJ"),
    Field("water", "13", 70, "水质", "Water", (
        ("生活饮用水", "Drinking water"), ("地下水", "Ground water"), ("包装饮用水", "Packaged water"),
    ), ("elements", "contaminants", "physical", "microbes"), "GB/T 5750"),
    Field("construction", "01", 180, "建筑工程", "Construction", (
        ("混凝土", "Concrete"), ("钢筋", "Reinforcing steel"), ("地基基础", "Foundations"), ("幕墙", "Curtain walls"),
        ("防水材料", "Waterproofing"),
    ), ("physical", "mechanical"), "GB/T 50"),
    Field("materials", "02", 150, "建筑材料", "Building materials", (
        ("水泥", "Cement"), ("砂石", "Aggregates"), ("砖", "Bricks"), ("涂料", "Coatings"), ("玻璃", "Glass"), ("板材", "Boards"),
    ), ("physical", "mechanical", "elements"), "GB/T 17"),
    Field("vehicles", "05", 200, "机动车", "Vehicles", (("在用汽车", "Cars in use"), ("摩托车", "Motorcycles")), ("vehicle",), "GB 38"),
    Field("textiles", "11", 30, "纺织服装", "Textiles", (
        ("棉织物", "Cotton fabrics"), ("羽绒制品", "Down products"), ("儿童服装", "Children's clothing"), ("皮革", "Leather"),
    ), ("physical", "mechanical", "contaminants"), "GB/T 2912"),
    Field("chemicals", "14", 70, "化工", "Chemicals", (
        ("化肥", "Fertilisers"), ("成品油", "Petroleum products"), ("危险化学品", "Hazardous chemicals"), ("塑料", "Plastics"),
    ), ("elements", "physical", "mechanical"), "GB/T 6"),
)  # fmt: skip

ELEMENTS = (
    ("铅", "Lead", "7439-92-1"), ("镉", "Cadmium", "7440-43-9"), ("总汞", "Total mercury", "7439-97-6"),
    ("总砷", "Total arsenic", "7440-38-2"), ("铬", "Chromium", "7440-47-3"), ("镍", "Nickel", "7440-02-0"),
    ("铜", "Copper", "7440-50-8"), ("锌", "Zinc", "7440-66-6"), ("铁", "Iron", "7439-89-6"), ("锰", "Manganese", "7439-96-5"),
    ("硒", "Selenium", "7782-49-2"), ("锑", "Antimony", "7440-36-0"), ("锡", "Tin", "7440-31-5"), ("铝", "Aluminium", "7429-90-5"),
    ("钾", "Potassium", "7440-09-7"), ("钠", "Sodium", "7440-23-5"), ("钙", "Calcium", "7440-70-2"), ("镁", "Magnesium", "7439-95-4"),
    ("钡", "Barium", "7440-39-3"), ("铍", "Beryllium", "7440-41-7"), ("钴", "Cobalt", "7440-48-4"), ("钒", "Vanadium", "7440-62-2"),
    ("铊", "Thallium", "7440-28-0"), ("钼", "Molybdenum", "7439-98-7"), ("银", "Silver", "7440-22-4"), ("硼", "Boron", "7440-42-8"),
)  # fmt: skip
ADDITIVES = (
    ("三聚氰胺", "Melamine", "108-78-1"), ("苯甲酸", "Benzoic acid", "65-85-0"), ("山梨酸", "Sorbic acid", "110-44-1"),
    ("糖精钠", "Sodium saccharin", "128-44-9"), ("甜蜜素", "Sodium cyclamate", "139-05-9"), ("柠檬黄", "Tartrazine", "1934-21-0"),
    ("日落黄", "Sunset yellow", "2783-94-0"), ("苏丹红Ⅰ", "Sudan I", "842-07-9"), ("吊白块", "Rongalite", "149-44-0"),
    ("二氧化硫", "Sulfur dioxide", "7446-09-5"), ("亚硝酸盐", "Nitrite", ""), ("硼砂", "Borax", "1303-96-4"),
)  # fmt: skip
RESIDUES = (
    "敌敌畏 Dichlorvos", "乐果 Dimethoate", "毒死蜱 Chlorpyrifos", "氧乐果 Omethoate", "甲胺磷 Methamidophos", "水胺硫磷 Isocarbophos",
    "氯氰菊酯 Cypermethrin", "溴氰菊酯 Deltamethrin", "联苯菊酯 Bifenthrin", "多菌灵 Carbendazim", "百菌清 Chlorothalonil",
    "克百威 Carbofuran", "涕灭威 Aldicarb", "吡虫啉 Imidacloprid", "啶虫脒 Acetamiprid", "阿维菌素 Abamectin", "腐霉利 Procymidone",
    "三唑磷 Triazophos", "氟虫腈 Fipronil", "甲拌磷 Phorate", "恩诺沙星 Enrofloxacin", "环丙沙星 Ciprofloxacin", "氯霉素 Chloramphenicol",
    "呋喃唑酮代谢物 Furazolidone metabolite", "孔雀石绿 Malachite green", "克伦特罗 Clenbuterol", "莱克多巴胺 Ractopamine",
    "沙丁胺醇 Salbutamol", "土霉素 Oxytetracycline", "磺胺嘧啶 Sulfadiazine", "地西泮 Diazepam", "甲硝唑 Metronidazole",
)  # fmt: skip
CONTAMINANTS = (
    "黄曲霉毒素B1 Aflatoxin B1", "黄曲霉毒素M1 Aflatoxin M1", "赭曲霉毒素A Ochratoxin A", "脱氧雪腐镰刀菌烯醇 Deoxynivalenol",
    "玉米赤霉烯酮 Zearalenone", "苯并[a]芘 Benzo[a]pyrene", "邻苯二甲酸二丁酯 Dibutyl phthalate", "甲醛 Formaldehyde",
    "苯 Benzene", "甲苯 Toluene", "二甲苯 Xylene", "挥发酚 Volatile phenols", "氰化物 Cyanide", "石油类 Petroleum oils",
    "多氯联苯 Polychlorinated biphenyls", "六价铬 Hexavalent chromium", "硝酸盐氮 Nitrate nitrogen", "氨氮 Ammonia nitrogen",
    "化学需氧量 Chemical oxygen demand", "总磷 Total phosphorus", "总氮 Total nitrogen", "偶氮染料 Azo dyes",
)  # fmt: skip
NUTRIENTS = (
    "蛋白质 Protein", "脂肪 Fat", "水分 Moisture", "灰分 Ash", "总膳食纤维 Total dietary fibre", "维生素A Vitamin A", "维生素C Vitamin C",
    "维生素D Vitamin D", "维生素E Vitamin E", "还原糖 Reducing sugars", "氯化物 Chloride", "酸价 Acid value", "过氧化值 Peroxide value",
)  # fmt: skip
MICROBES = (
    "菌落总数 Aerobic plate count", "大肠菌群 Coliforms", "沙门氏菌 Salmonella", "金黄色葡萄球菌 Staphylococcus aureus",
    "单核细胞增生李斯特氏菌 Listeria monocytogenes", "霉菌和酵母 Moulds and yeasts", "大肠埃希氏菌 Escherichia coli",
)  # fmt: skip
PHYSICAL = (
    "pH值 pH", "密度 Density", "含水率 Water content", "色度 Colour", "浊度 Turbidity", "细度 Fineness", "凝结时间 Setting time",
    "厚度 Thickness", "色牢度 Colour fastness", "导热系数 Thermal conductivity", "燃烧性能 Burning behaviour", "粒径 Particle size",
    "等效声级 Equivalent sound level", "悬浮物 Suspended solids", "电导率 Conductivity",
)  # fmt: skip
MECHANICAL = (
    "抗压强度 Compressive strength", "抗折强度 Flexural strength", "拉伸强度 Tensile strength", "断裂伸长率 Elongation at break",
    "撕裂强力 Tear strength", "硬度 Hardness", "冲击强度 Impact strength", "承载力 Bearing capacity", "粘结强度 Bond strength",
    "耐磨性 Abrasion resistance", "气密性 Air tightness", "水密性 Water tightness",
)  # fmt: skip
VEHICLE = (
    "制动性能 Braking", "灯光 Headlamps", "排气污染物 Exhaust emissions", "侧滑 Side slip", "车速表 Speedometer", "底盘 Underbody",
    "外廓尺寸 Overall dimensions", "整备质量 Kerb mass",
)  # fmt: skip


def _split(words: tuple[str, ...]) -> tuple[tuple[str, str, str], ...]:
    return tuple((word.split(" ", 1)[0], word.split(" ", 1)[1], "") for word in words)


FAMILIES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "elements": ELEMENTS,
    "additives": ADDITIVES,
    "residues": _split(RESIDUES),
    "contaminants": _split(CONTAMINANTS),
    "nutrients": _split(NUTRIENTS),
    "microbes": _split(MICROBES),
    "physical": _split(PHYSICAL),
    "mechanical": _split(MECHANICAL),
    "vehicle": _split(VEHICLE),
}
"""What is tested: Chinese, English, CAS registry number."""

BRANDS = "华源正衡准信达诚科安康泰宏瑞博远方圆通标谱尼中天海川江岳金石青云"
BUSINESS = ("有限公司", "技术有限公司", "科技有限公司", "服务有限公司")
PUBLIC = ("产品质量检验研究院", "食品药品检验所", "环境监测站", "疾病预防控制中心", "计量测试研究院")
PUBLIC_EN = (
    "Institute for Product Quality Inspection", "Institute for Food and Drug Control", "Environmental Monitoring Station",
    "Centre for Disease Control and Prevention", "Institute of Metrology",
)  # fmt: skip
