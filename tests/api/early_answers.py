"""Sends requests with Python's own client, which listens only once it has sent everything.

Reads cases from standard input and writes what was answered, as JSON: for each its status and body, or 0 and what the
client complained of.
"""

import http.client
import json
import ssl
import sys

PIECE = 64 * 1024


def pieces(length):
    for _ in range(length // PIECE):
        yield b"\x07" * PIECE


def ask(case, context):
    connection = http.client.HTTPSConnection("localhost", case["port"], context=context, timeout=60)
    length = case["bytes"] // PIECE * PIECE
    body = pieces(length) if case["chunked"] else b"\x07" * length
    try:
        connection.request(case["method"], case["path"], body=body, headers=case["headers"], encode_chunked=case["chunked"])
        answer = connection.getresponse()
        return [answer.status, answer.read().decode()]
    except Exception as error:
        return [0, repr(error)]
    finally:
        connection.close()


# The certificate is as old as the test's clock says.
untrusting = ssl.create_default_context()
untrusting.check_hostname = False
untrusting.verify_mode = ssl.CERT_NONE
json.dump([ask(case, untrusting) for case in json.load(sys.stdin)], sys.stdout)
