from restkit import request

# A file of this example's folder, opened for bytes, as Python 3 asks for; a URL has a host.
# manual: with open("/some/file", "r") as f:
with open(__file__, "rb") as f:
    # manual: request("/some/url", 'POST', body=f)
    r = request("http://someurl/some/url", "POST", body=f)

# not in the manual
print(r.json()["fields"]["CONTENT_LENGTH"])
