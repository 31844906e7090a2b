# SPDX-License-Identifier: ISC
"""A certificate authority for one test-bed, made by the openssl program.

make_ca(dir) leaves these PEM files there:
    ca.pem                    the authority that the product under test trusts
    good.pem, good.key        imap.test, smtp.test, localhost, 127.0.0.1, ::1
    wrong.pem                 signed by it, but for elsewhere.test only
    expired.pem               signed by it, over since 2020
    unknown.pem               right names, signed by an authority unknown to us
Each X.pem has its X.key beside it.  Elliptic keys: all of it takes 0.2 s.
"""
import subprocess

GOOD_NAMES = "DNS:imap.test,DNS:smtp.test,DNS:localhost,IP:127.0.0.1,IP:::1"

CONF = """\
[ca]
default_ca = one
[one]
dir = {dir}
database = $dir/{ca}.index
new_certs_dir = $dir
serial = $dir/{ca}.serial
certificate = $dir/{ca}.pem
private_key = $dir/{ca}.key
default_md = sha256
default_days = 30
policy = any
copy_extensions = none
unique_subject = no
[any]
commonName = supplied
[req]
distinguished_name = dn
prompt = no
x509_extensions = v3_ca
[dn]
CN = clued test authority {ca}
[v3_ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = {names}
"""


def _openssl(*args):
    done = subprocess.run(["openssl", *args], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"openssl {args[0]}: {done.stderr.strip()}")


def _write_conf(dir_, ca, names):
    path = dir_ / f"{ca}.cnf"
    path.write_text(CONF.format(dir=dir_, ca=ca, names=names))
    return str(path)


def _new_key(dir_, name):
    path = dir_ / f"{name}.key"
    _openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout",
             "-out", str(path))
    return str(path)


def _new_authority(dir_, ca):
    key = _new_key(dir_, ca)
    conf = _write_conf(dir_, ca, GOOD_NAMES)
    (dir_ / f"{ca}.index").write_text("")
    (dir_ / f"{ca}.serial").write_text("1000\n")
    _openssl("req", "-x509", "-new", "-key", key, "-config", conf,
             "-days", "30", "-out", str(dir_ / f"{ca}.pem"))


def _sign(dir_, ca, name, names, dates=()):
    key = _new_key(dir_, name)
    conf = _write_conf(dir_, ca, names)
    request = str(dir_ / f"{name}.csr")
    _openssl("req", "-new", "-key", key, "-config", conf,
             "-subj", f"/CN=clued {name}", "-out", request)
    _openssl("ca", "-batch", "-notext", "-config", conf, "-in", request,
             "-extensions", "leaf", "-out", str(dir_ / f"{name}.pem"), *dates)


def make_ca(dir_):
    """Fills the folder dir_ (a pathlib.Path) with the files listed above."""
    dir_.mkdir(parents=True, exist_ok=True)
    _new_authority(dir_, "ca")
    _sign(dir_, "ca", "good", GOOD_NAMES)
    _sign(dir_, "ca", "wrong", "DNS:elsewhere.test")
    _sign(dir_, "ca", "expired", GOOD_NAMES,
          ("-startdate", "20190101000000Z", "-enddate", "20200101000000Z"))
    _new_authority(dir_, "otherca")
    _sign(dir_, "otherca", "unknown", GOOD_NAMES)
