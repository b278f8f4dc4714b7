"""What people fill in about an institution, its sites, contacts and certificates, its people and instruments."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from zhunsheng.faces.registers.fields import Code, Day, IdentityNumber, Line, RegionCode, Unrepeated
from zhunsheng.faces.wording import fault, words
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.calendar.plausible import Lies
from zhunsheng.registry.catalogue.fields import field_name
from zhunsheng.registry.catalogue.models import Matrix
from zhunsheng.registry.equipment.states import CALIBRATION_KINDS
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.states import KINDS, LEGAL_KINDS, LEVELS
from zhunsheng.registry.people.states import LABORATORY_POSTS, NAMES, QUALIFICATION_KINDS


def choices(of: Mapping[Any, Text], *, empty: bool = False) -> list[tuple[str, Text]]:
    first = [("", t("not said", "未填"))] if empty else []
    return first + [(str(key), name) for key, name in of.items()]


def reason_field() -> forms.CharField:
    return Line(
        label=words("Why", "理由"), max_length=300, help_text=words("It is kept in the history.", "将记入历史。")
    )


class Entry(forms.Form):
    """Base of what is entered or mended: `columns` are the values for the verb, `reason` is asked where something is changed."""

    def __init__(self, *args: Any, institution: Institution | None = None, mends: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.institution = institution
        if mends:
            self.fields["reason"] = reason_field()

    @property
    def columns(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in ("reason", "seen")}

    @property
    def reason(self) -> str:
        return str(self.cleaned_data.get("reason", ""))

    def said_of(self, thing: object) -> dict[str, Any]:
        """What the form begins with when something is mended."""
        return {name: getattr(thing, name) for name in self.fields if hasattr(thing, name)}


class PlaceForm(Entry):
    latitude = forms.FloatField(label=words("Latitude", "纬度"), required=False, min_value=-90, max_value=90)
    longitude = forms.FloatField(label=words("Longitude", "经度"), required=False, min_value=-180, max_value=180)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if (given.get("latitude") is None) != (given.get("longitude") is None) and not self.errors:
            self.add_error("longitude", fault(t("Give both or neither.", "经纬度须同时填写或同时留空。")))
        return given


class OwnInstitutionForm(PlaceForm):
    """What an institution says of itself; name, code, region and level are the registrar's."""

    name_en = Line(label=words("Name in English", "英文名称"))
    former_names = forms.CharField(
        label=words("Former names", "曾用名"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=2000,
        help_text=words("One a line.", "每行一个。"),
    )  # fmt: skip
    legal_representative = Line(label=words("Legal representative", "法定代表人"), required=False, max_length=100)
    address = Line(label=words("Address", "地址"), required=False, max_length=300)
    field_order: Iterable[str] = ("name_en", "former_names", "legal_representative", "address", "latitude", "longitude")


class InstitutionForm(OwnInstitutionForm):
    """What a registrar says of an institution."""

    kind = forms.ChoiceField(label=words("Kind", "类别"), choices=choices(KINDS))
    name_zh = Line(label=words("Name in Chinese", "中文名称"))
    uscc = Code(
        label=words("Unified social credit code", "统一社会信用代码"), required=False, max_length=18,
        widget=forms.TextInput(attrs={"class": "mono", "autocapitalize": "characters"}),
    )  # fmt: skip
    uscc_reason = Line(
        label=words("Why the code is kept although it breaks the rule", "代码不合规则仍予保留的理由"), required=False, max_length=300,
        help_text=words(
            "Only for a code whose check characters do not fit: codes of the early pilot are legal.",
            "仅用于校验码不符的代码：早期试点代码依法有效。",
        ),
    )  # fmt: skip
    legal_kind = forms.ChoiceField(
        label=words("Legal form", "单位性质"), required=False, choices=choices(LEGAL_KINDS, empty=True)
    )
    level = forms.ChoiceField(label=words("Level", "级别"), required=False, choices=choices(LEVELS, empty=True))
    region_code = RegionCode()
    field_order = (
        "kind", "name_zh", "name_en", "uscc", "uscc_reason", "legal_kind", "legal_representative", "level", "region_code", "address",
        "latitude", "longitude", "former_names",
    )  # fmt: skip

    def __init__(self, *args: Any, kinds: Iterable[str] = KINDS, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [one for one in choices(KINDS) if one[0] in kinds]  # type: ignore[attr-defined]

    def clean_uscc(self) -> str | None:
        return self.cleaned_data["uscc"].upper() or None


class SiteForm(PlaceForm):
    name_zh = Line(label=words("Name in Chinese", "中文名称"))
    name_en = Line(label=words("Name in English", "英文名称"))
    region_code = RegionCode()
    address = Line(label=words("Address", "地址"), required=False, max_length=300)
    valid_from = Day(label=words("In use from", "启用日期"), lies=Lies.SOON)
    valid_to = Day(label=words("Last day", "停用日期"), required=False)
    field_order = ("name_zh", "name_en", "region_code", "address", "latitude", "longitude", "valid_from", "valid_to")


class ContactForm(Entry):
    name = Line(label=words("Name", "姓名"), max_length=100)
    role = Line(label=words("Role", "职责"), required=False, max_length=100)
    phone = Code(
        label=words("Telephone", "电话"), required=False, max_length=40, widget=forms.TextInput(attrs={"type": "tel"})
    )
    email = forms.EmailField(label=words("E-mail", "电子邮箱"), required=False)


class CertificateForm(Entry):
    scheme = forms.ChoiceField(
        label=words("Scheme", "证书类别"),
        choices=[
            ("CMA", t("CMA, mandatory approval", "CMA 资质认定")),
            ("CNAS", t("CNAS, accreditation", "CNAS 认可")),
        ],
    )
    number = Code(label=words("Number", "证书编号"), max_length=32, widget=forms.TextInput(attrs={"class": "mono"}))
    issuer = Line(label=words("Issued by", "发证机关"), required=False)
    valid_from = Day(label=words("From", "起始日期"), lies=Lies.SOON)
    valid_to = Day(label=words("Last day", "截止日期"))


class PostForm(Entry):
    """A post that gives no rights on the platform: those of users are given on the page of users."""

    kind = forms.ChoiceField(
        label=words("Post", "职务"),
        choices=[(post.value, name) for post, name in NAMES.items() if post in LABORATORY_POSTS],
    )
    valid_from = Day(label=words("From", "起始日期"), lies=Lies.SOON)
    valid_to = Day(
        label=words("Last day", "截止日期"),
        required=False,
        help_text=words("Empty: until further notice.", "留空表示长期有效。"),
    )


class PersonForm(PostForm):
    name = Line(label=words("Name", "姓名"), max_length=100)
    identity = IdentityNumber(required=False)
    field_order = ("name", "identity", "kind", "valid_from", "valid_to")


class IdentityForm(Entry):
    identity = IdentityNumber(widget=Unrepeated)


class NameForm(Entry):
    name = Line(label=words("Name", "姓名"), max_length=100)


class EndForm(Entry):
    """The last day of a post or an authorisation."""

    last_day = Day(label=words("Last day", "截止日期"))


class QualificationForm(Entry):
    kind = forms.ChoiceField(label=words("Kind", "类别"), choices=choices(QUALIFICATION_KINDS))
    name = Line(label=words("What", "名称"), help_text=words("As it is written on the document.", "按证书所载填写。"))
    number = Code(label=words("Number", "编号"), required=False, max_length=64)
    valid_from = Day(label=words("From", "取得日期"), lies=Lies.PAST)
    valid_to = Day(label=words("Last day", "有效期至"), required=False)


class AuthorisationForm(Entry):
    field = forms.ChoiceField(label=words("Field", "授权领域"))
    valid_from = Day(label=words("From", "起始日期"), lies=Lies.SOON)
    valid_to = Day(
        label=words("Last day", "截止日期"),
        required=False,
        help_text=words("Empty: until further notice.", "留空表示长期有效。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = Matrix.objects.order_by("field").values_list("field", flat=True).distinct()
        self.fields["field"].choices = [(one, field_name(one)) for one in fields]  # type: ignore[attr-defined]


class InstrumentForm(Entry):
    name_zh = Line(label=words("Name in Chinese", "中文名称"))
    name_en = Line(label=words("Name in English", "英文名称"))
    serial = Code(
        label=words("Serial number", "出厂编号"), max_length=64, required=False,
        help_text=words("As it stands on the plate; empty where it bears none.", "按铭牌填写，铭牌无编号的留空。"),
        widget=forms.TextInput(attrs={"class": "mono"}),
    )  # fmt: skip
    inventory_number = Code(
        label=words("Inventory number", "管理编号"), max_length=64, required=False,
        help_text=words(
            "The institution’s own; files find an instrument without serial number by it.",
            "本机构自编；没有出厂编号的设备在文件中以此识别。",
        ),
        widget=forms.TextInput(attrs={"class": "mono"}),
    )  # fmt: skip
    manufacturer = Line(label=words("Manufacturer", "制造商"), required=False)
    model = Line(label=words("Model", "型号"), required=False, max_length=100)
    retired_on = Day(
        label=words("Last day of use", "停用日期"), required=False,
        help_text=words("For an instrument sold, scrapped or lost.", "设备出售、报废或丢失时填写。"),
    )  # fmt: skip


class CalibrationForm(Entry):
    kind = forms.ChoiceField(label=words("Kind", "类别"), choices=choices(CALIBRATION_KINDS))
    certificate = Code(
        label=words("Certificate", "证书编号"), max_length=64, widget=forms.TextInput(attrs={"class": "mono"})
    )
    performed_by = Line(label=words("Performed by", "检定校准机构"), required=False)
    uncertainty = Line(
        label=words("Uncertainty", "不确定度"),
        required=False,
        help_text=words("As the certificate states it.", "按证书所载填写。"),
    )
    valid_from = Day(label=words("Performed on", "检定校准日期"), lies=Lies.PAST)
    valid_to = Day(label=words("Last day before it is due", "有效期至"))


class ReasonForm(forms.Form):
    """A decision and why."""

    reason = reason_field()
