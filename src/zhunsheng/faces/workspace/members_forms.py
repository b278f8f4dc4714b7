"""What an administrator fills in about the users of his institution, and what an invited person does."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator

from zhunsheng.faces.days import DayField
from zhunsheng.faces.wording import fault, words
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.states import ROLES, Post


def posts_in(institution: Institution) -> list[tuple[str, Text]]:
    """The posts that there are in an institution of this kind; none is chosen beforehand, least of all the administrator's."""
    held = [(post.value, role.name) for post, role in ROLES.items() if institution.kind in role.held_in]
    return [("", t("choose", "请选择")), *held]


class DayInput(forms.DateInput):
    def __init__(self) -> None:
        super().__init__(attrs={"type": "date"}, format="%Y-%m-%d")


class PostForm(forms.Form):
    """A post, from a day to a day."""

    kind = forms.ChoiceField(label=words("Post", "职务"))
    valid_from = DayField(label=words("From", "起始日期"), widget=DayInput())
    valid_to = DayField(
        label=words("Last day", "截止日期"),
        required=False,
        widget=DayInput(),
        help_text=words("Empty: until further notice.", "留空表示长期有效。"),
    )

    def __init__(self, *args: Any, institution: Institution, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = posts_in(institution)  # type: ignore[attr-defined]
        self.fields["valid_from"].initial = today

    def clean_kind(self) -> Post:
        return Post(self.cleaned_data["kind"])


class InvitationForm(PostForm):
    """Whom to invite to a post."""

    name = forms.CharField(label=words("Name", "姓名"), max_length=100)
    email = forms.EmailField(label=words("E-mail", "电子邮箱"), required=False)
    field_order = ("name", "email", "kind", "valid_from", "valid_to")

    def __init__(self, *args: Any, mail: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].required = mail


class FirstAdministratorForm(forms.Form):
    """The first administrator of an institution below."""

    uscc = forms.CharField(label=words("Unified social credit code", "统一社会信用代码"), max_length=18)
    name = forms.CharField(label=words("Name", "姓名"), max_length=100)
    email = forms.EmailField(label=words("E-mail", "电子邮箱"), required=False)

    def __init__(self, *args: Any, mail: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].required = mail

    def clean_uscc(self) -> str:
        return str(self.cleaned_data["uscc"]).strip().upper()


class EndForm(forms.Form):
    """When a post ends, and why."""

    last_day = DayField(label=words("Last day", "截止日期"), widget=DayInput())
    reason = forms.CharField(label=words("Reason", "原因"), max_length=200)


class AccountForm(forms.Form):
    """The account that an invited person opens."""

    username = forms.CharField(
        label=words("User name", "用户名"),
        max_length=150,
        validators=[UnicodeUsernameValidator()],
    )
    password = forms.CharField(
        label=words("Password", "密码"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=words("At least 12 characters.", "至少 12 个字符。"),
    )
    again = forms.CharField(
        label=words("Password again", "再次输入密码"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_username(self) -> str:
        username = str(self.cleaned_data["username"])
        if User.objects.filter(username__iexact=username).exists():
            raise fault(t("This user name is taken.", "该用户名已被使用。"))
        return username

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("password") != given.get("again"):
            self.add_error("again", fault(t("The two passwords differ.", "两次输入的密码不一致。")))
        elif given.get("password"):
            self._check_strength(given["password"], str(given.get("username", "")))
        return given

    def _check_strength(self, password: str, username: str) -> None:
        try:
            validate_password(password, User(username=username))
        except forms.ValidationError as weak:
            self.add_error("password", weak)
