"""
Addresses and URLs of attacks on whatever asks webhooks, and of what may be asked.
"""

_FORBIDDEN = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.254 127.0.0.1
127.1.2.3 168.63.129.16 169.254.169.254 169.254.170.2 169.254.0.1 172.16.0.1 172.31.255.255
192.0.0.1 192.0.0.192 192.0.2.1 192.31.196.1 192.52.193.1 192.88.99.1 192.168.0.1 192.175.48.1
198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.7 224.0.0.1 239.255.255.250 240.0.0.1
255.255.255.255
:: ::1 ::2 ::7f00:1 ::127.0.0.1 ::169.254.169.254 ::ffff:127.0.0.1 ::ffff:169.254.169.254
::ffff:10.0.0.1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe
64:ff9b::8.8.8.8 64:ff9b:1::a9fe:a9fe 100::1 100:0:0:1::1 200::1 2001::1 2001:0:7f00:1::1
2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1::1 2002:a9fe:a9fe::1 2002:808:808::1
2606:4700::5efe:a9fe:a9fe 2606:4700::200:5efe:7f00:1 2620:4f:8000::1 3ffe::1 3fff::1 4000::1
5f00::1 fc00::1 fd00:ec2::254 fd12:3456:789a::1 fe80::1 fe80::1%eth0 fe80::a9fe:a9fe febf::1
fec0::1 ff02::1 ff0e::1
"""
FORBIDDEN = _FORBIDDEN.split()
"""Private, special, and all that hides another address."""

_ALLOWED = """
1.1.1.1 8.8.8.8 52.95.110.1 93.184.215.14 100.63.255.255 100.128.0.1 172.15.255.255 172.32.0.1
192.167.255.255 192.169.0.1 198.17.255.255 198.20.0.1 223.255.255.254
2606:4700:4700::1111 2001:4860:4860::8888 2a00:1450:4001:81b::200e 2600:1f18::1 2003::1
"""
ALLOWED = _ALLOWED.split()
"""Public ones, many right beside a forbidden net."""

INSIDE = {
    "metadata.tencentyun.com": "169.254.0.23",
    "metadata.google.internal": "169.254.169.254",
    "instance-data.ec2.internal": "169.254.169.254",
    "instance-data": "169.254.169.254",
    "metadata": "169.254.169.254",
    "localhost": "127.0.0.1",
    "localtest.me": "127.0.0.1",
    "169-254-169-254.nip.io": "169.254.169.254",
    "169.254.169.254.nip.io": "169.254.169.254",
    "vault.corp.example": "10.0.0.7",
    "six.corp.example": "fd00:ec2::254",
    "mapped.corp.example": "::ffff:169.254.169.254",
    "translated.corp.example": "64:ff9b::a9fe:a9fe",
}
"""Names, and where they lead for whoever resolves them."""

URLS = [
    *(f"https://{name}/latest/meta-data/" for name in INSIDE),
    # The address of the metadata, and of this machine, in every notation that some reader knows.
    "https://2852039166/",
    "https://0xa9fea9fe/",
    "https://0XA9FEA9FE/",
    "https://025177524776/",
    "https://0xa9.0xfe.0xa9.0xfe/",
    "https://0251.0376.0251.0376/",
    "https://169.0376.43518/",
    "https://169.254.43518/",
    "https://169.16689662/",
    "https://0000169.0254.169.254/",
    "https://169.254.169.254./",
    "https://169.254.169.254.:443/",
    "https://127.1/",
    "https://127.0.1/",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://0177.0.0.01/",
    "https://017700000001/",
    "https://127.0.0.1:443/",
    "https://0/",
    "https://0x/",
    "https://00000000000/",
    "https://4294967295/",
    "https://127.0.0.0x1/",
    "https://169.254.169.0xfe/",
    # Written with escapes, other digits and dots, or names that only look like one of the internet.
    "https://%31%32%37.0.0.1/",
    "https://169%2e254%2e169%2e254/",
    "https://localhost%00.shop.example/",
    "https://127.0.0.1%23.shop.example/",
    "https://①⑥⑨.②⑤④.①⑥⑨.②⑤④/",
    "https://127。0。0。1/",
    "https://127\uff0e0\uff0e0\uff0e1/",
    "https://\U0001d7cf\U0001d7d0\U0001d7d5.\U0001d7ce.\U0001d7ce.\U0001d7cf/",
    "https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/",
    "https://localhost./",
    "https://LOCALHOST/",
    "https://a.localhost/",
    "https://db.internal/",
    "https://DB.INTERNAL/",
    "https://db.internal./",
    "https://printer.local/",
    "https://intranet/",
    "https://redis/",
    "https://shop:6379/",
    "https://a..b.example/",
    "https://-a.example/",
    "https://.example/",
    # IPv6, with zones and embedded addresses.
    "https://[0:0:0:0:0:0:0:1]/",
    "https://[::ffff:a9fe:a9fe]/",
    "https://[0:0:0:0:0:ffff:127.0.0.1]/",
    "https://[fe80::1%25eth0]/",
    "https://[2606:4700::1111%25lo]/",
    "https://[64:ff9b::169.254.169.254]/",
    "https://[2002:a9fe:a9fe::]/",
    "https://[v1.fe80]/",
    "https://[::1/",
    "https://::1/",
    # Two readers, two hosts.
    "https://shop.example@169.254.169.254/",
    "https://169.254.169.254@shop.example/",
    "https://a:b@shop.example/",
    "https://shop.example\\@127.0.0.1/",
    "https:\\\\127.0.0.1/",
    "https://127.0.0.1\\.shop.example/",
    "https://shop.example#@127.0.0.1/",
    "https://127.0.0.1 .shop.example/",
    "https://127.0.0.1\t/",
    "https://127.0.\n0.1/",
    "https://shop.example/\r\nHost: 127.0.0.1",
    "https://shop.example:0/",
    "https://shop.example:/",
    "https://shop.example:65536/",
    "https://shop.example:-1/",
    "https://shop.example:4\uff143/",
    "https:///127.0.0.1/",
    "https:127.0.0.1",
    "https://",
    # Other ways than HTTPS.
    "http://shop.example/",
    "//shop.example/",
    "/hook",
    "",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_x",
    "ftp://shop.example/",
    "dict://127.0.0.1:11211/",
    "data:text/plain,x",
    "jar:https://shop.example/",
    "https+unix://%2Fvar%2Frun%2Fdocker.sock/",
    "https://shop.example/" + "a" * 3000,
    "https://" + "a." * 130 + "example/",
    "https://" + "a" * 64 + ".example/",
    *(f"https://{a}/" for a in FORBIDDEN if ":" not in a),
    *(f"https://[{a}]/" for a in FORBIDDEN if ":" in a),
]
