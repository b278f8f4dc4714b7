"""Keys in files: made once, whoever starts first; loaded or refused with a sentence."""

from __future__ import annotations

import multiprocessing
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from zhunsheng.foundation.signing import KeyFileError, KeyFileWarning, PublicKey, SigningKey

PEM, PKCS8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
PLAIN = serialization.NoEncryption()
SPKI = serialization.PublicFormat.SubjectPublicKeyInfo


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    path.chmod(0o600)
    return path


def private_pem(key: Ed25519PrivateKey | rsa.RSAPrivateKey, protection=PLAIN) -> bytes:
    return key.private_bytes(PEM, PKCS8, protection)


def test_signature_is_the_published_one(tmp_path: Path) -> None:
    # RFC 8032, 7.1, TEST 1 and TEST 2
    first = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    key = SigningKey.load(write(tmp_path / "k.pem", private_pem(Ed25519PrivateKey.from_private_bytes(first))))
    assert key.public.raw.hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    assert key.sign(b"").hex() == (
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    )
    second = PublicKey(bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"))
    signature = bytes.fromhex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    assert second.verifies(signature, b"\x72")
    assert not second.verifies(signature, b"\x73")


def test_made_once_private_with_its_public_key_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "issuer.pem"
    key = SigningKey.load_or_make(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(p.name for p in path.parent.iterdir()) == ["issuer.pem", "issuer.pub.pem"]
    before = path.read_bytes()
    assert SigningKey.load_or_make(path).public == key.public
    assert path.read_bytes() == before
    assert PublicKey.load(path) == PublicKey.load(path.with_name("issuer.pub.pem")) == key.public


def test_public_key_is_written_again_if_it_is_gone(tmp_path: Path) -> None:
    key = SigningKey.load_or_make(tmp_path / "issuer.pem")
    (tmp_path / "issuer.pub.pem").unlink()
    SigningKey.load_or_make(tmp_path / "issuer.pem")
    assert PublicKey.load(tmp_path / "issuer.pub.pem") == key.public


def test_public_key_of_an_earlier_private_key_is_not_overwritten(tmp_path: Path) -> None:
    earlier = SigningKey.load_or_make(tmp_path / "issuer.pem").public
    (tmp_path / "issuer.pem").unlink()
    with pytest.raises(KeyFileError) as refusal:
        SigningKey.load_or_make(tmp_path / "issuer.pem")
    assert PublicKey.load(tmp_path / "issuer.pub.pem") == earlier
    assert "issuer.pub.pem" in refusal.value.message.zh


def _start(path: Path, barrier, answers) -> None:
    barrier.wait()
    answers.put(SigningKey.load_or_make(path).public.raw)


def test_processes_that_start_at_once_end_with_one_key(tmp_path: Path) -> None:
    context, crowd = multiprocessing.get_context("fork"), 8
    for attempt in range(5):
        path = tmp_path / str(attempt) / "issuer.pem"
        barrier, answers = context.Barrier(crowd), context.Queue()
        processes = [context.Process(target=_start, args=(path, barrier, answers)) for _ in range(crowd)]
        for process in processes:
            process.start()
        keys = {answers.get(timeout=30) for _ in processes}
        for process in processes:
            process.join()
        assert keys == {SigningKey.load(path).public.raw}
        assert sorted(p.name for p in path.parent.iterdir()) == ["issuer.pem", "issuer.pub.pem"]


def test_key_readable_by_others_warns_and_works(tmp_path: Path) -> None:
    key = SigningKey.load_or_make(tmp_path / "issuer.pem")
    (tmp_path / "issuer.pem").chmod(0o640)
    with pytest.warns(KeyFileWarning, match="权限 0640.*mode 0640"):
        assert SigningKey.load(tmp_path / "issuer.pem").public == key.public


def test_key_id_and_fingerprint_are_the_same_digits(issuer: SigningKey) -> None:
    # printf of the 32 raw bytes | sha256sum | cut -c1-32
    assert issuer.public.kid.hex() == issuer.public.fingerprint().replace(" ", "")
    assert len(issuer.public.kid) == 16
    assert [len(group) for group in issuer.public.fingerprint().split(" ")] == [4] * 8


def test_private_key_does_not_show_itself(issuer: SigningKey) -> None:
    assert bytes(range(32)).hex() not in repr(issuer) and issuer.public.fingerprint() in repr(issuer)


RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ED25519 = private_pem(Ed25519PrivateKey.from_private_bytes(bytes(32)))
BROKEN = {
    "empty": (b"", "不是可读的密钥文件"),
    "words": (b"this is not a key", "不是可读的密钥文件"),
    "truncated": (ED25519[:60], "不是可读的密钥文件"),
    "no private key within": (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "不是可读的密钥文件"),
    "huge": (ED25519 * 200, "不是可读的密钥文件"),
    "RSA": (private_pem(RSA), "其他算法"),
    "password": (private_pem(RSA, serialization.BestAvailableEncryption(b"x")), "口令"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_private_key_is_refused_with_a_sentence(name: str, tmp_path: Path) -> None:
    content, words = BROKEN[name]
    path = write(tmp_path / "broken.pem", content)
    for load in (SigningKey.load, SigningKey.load_or_make, PublicKey.load):
        with pytest.raises(KeyFileError) as refusal:
            load(path)
        assert words in refusal.value.message.zh
        assert str(path) in refusal.value.message.en
    assert path.read_bytes() == content


def test_public_key_of_another_algorithm_is_refused(tmp_path: Path) -> None:
    for key in (RSA.public_key(), ec.generate_private_key(ec.SECP256R1()).public_key()):
        path = write(tmp_path / "other.pem", key.public_bytes(PEM, SPKI))
        with pytest.raises(KeyFileError, match="another algorithm"):
            PublicKey.load(path)


def test_public_key_does_not_serve_as_private_key(tmp_path: Path, issuer: SigningKey) -> None:
    with pytest.raises(KeyFileError, match="not a readable key file"):
        SigningKey.load(write(tmp_path / "public.pem", issuer.public.pem()))


def test_missing_file_and_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="no such file"):
        PublicKey.load(tmp_path / "absent.pem")
    with pytest.raises(KeyFileError, match="folder"):
        SigningKey.load_or_make(tmp_path)


def test_bytes_that_are_no_key_verify_nothing() -> None:
    assert not PublicKey(b"\x02" + bytes(31)).verifies(bytes(64), b"")
    assert not PublicKey(b"short").verifies(bytes(64), b"")
