# not in the manual
from restkit import request

myiterator = ["line 1", "line 2"]

# the manual
# manual: request("/some/url", 'POST', body=myiterator, headers={'content-Length': 12})
r = request("http://someurl/some/url", "POST", body=myiterator, headers={"content-Length": 12})

# not in the manual
print(r.json()["fields"]["CONTENT_LENGTH"], r.json()["body"])
