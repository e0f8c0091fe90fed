from restkit import request

myiterator = ["line 1", "line 2"]
# manual: request("/some/url", 'POST', body=myiterator)
r = request("http://someurl/some/url", "POST", body=myiterator)

# not in the manual
print(r.json()["fields"]["TRANSFER_ENCODING"], r.json()["body"])
